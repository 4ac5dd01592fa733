"""The API over the real stack. Every answer in this folder is held against the API's own description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from apiflask import APIFlask
from flask import request_finished

from local.stack import Stack
from tests.api.description import Description
from tests.application import ApiClient, app_for
from tests.database import Database, Person
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event, signed_in


@pytest.fixture(scope="session")
def app(stack: Stack) -> APIFlask:
    return app_for(stack)


@pytest.fixture(scope="session")
def description(app: APIFlask) -> Description:
    return Description(app)


@pytest.fixture(autouse=True)
def _answers_are_as_described(app: APIFlask, description: Description) -> Iterator[None]:
    with request_finished.connected_to(description.judge, app):
        yield
    assert description.faults() == []


@pytest.fixture
def visitor(app: APIFlask) -> ApiClient:
    """Someone with an address of their own and no token."""
    return ApiClient(app)


@pytest.fixture
def gaston(app: APIFlask) -> Guest:
    """Buys without an account."""
    return Guest(app)


@pytest.fixture
def paid(gaston: Guest, database: Database, sandbox: Sandbox) -> list[dict[str, Any]]:
    """What Stripe says after Gaston has paid for a seat; nobody has heard of it yet."""
    gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    sandbox.pay(session)
    return sandbox.events_of(session)


@pytest.fixture
def workspace(slug: str) -> str:
    """Where the API tells of the team."""
    return f"/organizers/{slug}"


@pytest.fixture
def omar(app: APIFlask, stack: Stack, people: dict[str, Person]) -> Guest:
    """Owns the team."""
    return signed_in(app, stack, people["owner"])


@pytest.fixture
def marie(app: APIFlask, stack: Stack, people: dict[str, Person]) -> Guest:
    """Manages it."""
    return signed_in(app, stack, people["manager"])


@pytest.fixture
def finn(app: APIFlask, stack: Stack, people: dict[str, Person]) -> Guest:
    """Keeps its books."""
    return signed_in(app, stack, people["finance"])


@pytest.fixture
def dora(app: APIFlask, stack: Stack, people: dict[str, Person]) -> Guest:
    """Works its door."""
    return signed_in(app, stack, people["door"])
