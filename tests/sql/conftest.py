"""Postgres alone, its connections (one whose work is undone, many whose work stays), and the people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from local.parts import OPTIONAL
from local.stack import Stack
from tests.database import Database, Person
from tests.sql.crowd import Crowd
from tests.stacks import temporary_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Postgres alone: rules need nothing else, and what other tests leave behind is not in it."""
    with temporary_stack(without=OPTIONAL) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_url(stack: Stack) -> str:
    """Signs in as `postgres`, the role that owns the schema and is no superuser."""
    return stack.settings.database_url()


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
