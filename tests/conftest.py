"""The stack under test: one for the whole session, on free ports, with its state in a temporary folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local.settings import PORTS, Settings
from local.stack import Stack
from tests.database import Database
from tests.sandbox import Sandbox


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Postgres with the schema and no data, Supabase, Stripe sandbox, inbox; `site` adds the app."""
    state = Path(tempfile.mkdtemp(prefix="guichet-test-"))
    state.chmod(0o711)
    settings = Settings.read({"GUICHET_STATE": str(state), **dict.fromkeys(PORTS, "0")}, durable=False)
    with Stack(settings, without={"web", "worker"}, seed=False) as running:
        yield running
    running.cluster.remove()
    shutil.rmtree(state)


@pytest.fixture(scope="session")
def site(stack: Stack) -> str:
    """The address of the app, with its web and worker processes on top of the stack."""
    stack.add("web", "worker")
    return stack.settings.site_url


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
