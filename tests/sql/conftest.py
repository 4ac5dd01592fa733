"""Postgres alone: a database where every test is undone, its copy for the crowd, and the people."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from local.parts import OPTIONAL
from local.stack import Stack
from tests.database import Database, Person
from tests.sql.crowd import Callers, Crowd
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


@pytest.fixture(scope="session")
def crowded(stack: Stack) -> str:
    """The name of a copy of the database in which work stays, made before anyone else is connected."""
    admin = stack.settings.database_url("supabase_admin")
    with psycopg.connect(admin, dbname="template1", autocommit=True) as connection:
        connection.execute("create database crowded template postgres")
    return "crowded"


@pytest.fixture(scope="session")
def connection(postgres_url: str, crowded: str) -> Iterator[psycopg.Connection]:
    """One connection for all tests, so that Postgres plans each function once."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def database(connection: psycopg.Connection) -> Iterator[Database]:
    """The database as its owner; what a test does in it is undone when the test ends."""
    with connection.transaction(force_rollback=True):
        yield Database(connection)


@pytest.fixture(scope="session")
def callers(postgres_url: str, crowded: str) -> Iterator[Callers]:
    """The connections of the crowd, kept warm between rushes."""
    callers = Callers(postgres_url, crowded)
    yield callers
    callers.close()


@pytest.fixture
def crowd(callers: Callers) -> Crowd:
    """Many callers at once."""
    return Crowd(callers)


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
def finn(database: Database) -> Person:
    """Keeps the books."""
    return database.sign_up("Finn")


@pytest.fixture
def marie(database: Database) -> Person:
    """Manages."""
    return database.sign_up("Marie")


@pytest.fixture
def people(omar: Person, marie: Person, finn: Person, dora: Person) -> dict[str, Person]:
    """Who is in the team, by role."""
    return {"owner": omar, "manager": marie, "finance": finn, "door": dora}


@pytest.fixture
def zoe(database: Database) -> Person:
    """Is a stranger."""
    return database.sign_up("Zoe")
