"""The stack under test: one for the whole session, on free ports, with its state in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from local.stack import Stack
from tests.database import Database
from tests.sandbox import Sandbox
from tests.stacks import temporary_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Postgres with the schema and no data, Supabase, Stripe sandbox, inbox; `site` adds the app."""
    with temporary_stack(without={"web", "worker"}) as running:
        yield running


@pytest.fixture(scope="module")
def site(stack: Stack) -> Iterator[str]:
    """The address of the app, with its web and worker processes on top of the stack.

    Visitors tell their address in X-Forwarded-For, so that limits per address do not make them meet.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRUSTED_PROXIES", "1")
        stack.add("web", "worker")
    yield stack.settings.site_url
    stack.remove("web", "worker")


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
