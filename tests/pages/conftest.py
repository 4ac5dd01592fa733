"""Pages over the real stack."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, app_for
from tests.database import Person
from tests.selling import sign_in


@pytest.fixture(scope="session")
def app(stack: Stack) -> APIFlask:
    return app_for(stack)


@pytest.fixture
def browser(app: APIFlask) -> Browser:
    """Someone who has never been here."""
    return Browser(app)


@pytest.fixture
def workspace(slug: str) -> str:
    """Where the team's pages are."""
    return f"/manage/{slug}"


@pytest.fixture
def omar(app: APIFlask, stack: Stack, people: dict[str, Person]) -> Browser:
    """Owns the team."""
    return sign_in(Browser(app), stack, people["owner"])


@pytest.fixture
def marie(app: APIFlask, stack: Stack, people: dict[str, Person]) -> Browser:
    """Manages it."""
    return sign_in(Browser(app), stack, people["manager"])


@pytest.fixture
def finn(app: APIFlask, stack: Stack, people: dict[str, Person]) -> Browser:
    """Keeps its books."""
    return sign_in(Browser(app), stack, people["finance"])


@pytest.fixture
def dora(app: APIFlask, stack: Stack, people: dict[str, Person]) -> Browser:
    """Works its door."""
    return sign_in(Browser(app), stack, people["door"])
