"""Connections for tests of rules, one whose work is undone and as many as wanted whose work stays; and the people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.database import Database, Person
from tests.sql.crowd import Crowd


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """One connection inside a transaction that is rolled back when the test ends."""
    with psycopg.connect(postgres_url) as connection, connection.transaction(force_rollback=True):
        yield Database(connection)


@pytest.fixture
def connect(postgres_url: str) -> Iterator[Callable[[], Database]]:
    """Opens connections that commit each statement, for callers that really run at once (in threads)."""
    opened: list[psycopg.Connection] = []

    def open_one() -> Database:
        opened.append(psycopg.connect(postgres_url, autocommit=True))
        return Database(opened[-1])

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture
def crowd(connect: Callable[[], Database]) -> Iterator[Crowd]:
    """Many callers at once, whose events are off the public pages again afterwards."""
    crowd = Crowd(connect)
    yield crowd
    crowd.leave()


@pytest.fixture
def ana(database: Database) -> Person:
    """Attends."""
    return database.sign_up("Ana")


@pytest.fixture
def omar(database: Database) -> Person:
    """Organizes."""
    return database.sign_up("Omar")


@pytest.fixture
def dora(database: Database) -> Person:
    """Works the door."""
    return database.sign_up("Dora")


@pytest.fixture
def zoe(database: Database) -> Person:
    """Is a stranger."""
    return database.sign_up("Zoe")
