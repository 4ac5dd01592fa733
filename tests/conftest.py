"""The stack under test: one for the whole session, on free ports, with its state in a temporary folder."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from local.stack import Stack
from tests.database import Database, Person
from tests.sandbox import Sandbox
from tests.sql.events import organizer
from tests.stacks import temporary_stack

# With several processes each takes a file at a time. What takes longest begins;
# browser tests follow each other, as they share a running app.
FIRST = ("browser", "test_model_notices.py", "test_model.py", "crash")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((n for n, name in enumerate(FIRST) if name in item.path.parts), len(FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Postgres with the schema and no data, Supabase, Stripe sandbox, inbox; browsers add the app itself."""
    with temporary_stack(without={"web", "worker"}) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_url(stack: Stack) -> str:
    """Signs in as `postgres`, the role that owns the schema and is no superuser."""
    return stack.settings.database_url()


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """The stack's database, as its owner. What a test writes stays, but the clock is put right."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield Database(connection)
        connection.execute("update private.clock set shift = '0' where shift <> '0'")


@pytest.fixture
def sandbox(stack: Stack) -> Iterator[Sandbox]:
    """Stripe, which brings no event by itself and is well again afterwards."""
    stripe = Sandbox(stack.settings)
    stripe.hold_webhooks()
    yield stripe
    stripe.heal()


@pytest.fixture
def people(database: Database) -> dict[str, Person]:
    """Who is in the team, by role."""
    names = {"owner": "Omar", "manager": "Marie", "finance": "Finn", "door": "Dora"}
    return {role: database.sign_up(name) for role, name in names.items()}


@pytest.fixture
def team(database: Database, people: dict[str, Person]) -> uuid.UUID:
    """The id of Tandem, which all of them are in."""
    return organizer(database, "Tandem", **people)


@pytest.fixture
def slug(database: Database, team: uuid.UUID) -> str:
    """What addresses call the team."""
    return str(database.value("select slug from public.organizers where id = %s", [team]))
