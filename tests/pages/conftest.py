"""Pages over the real stack."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, app_for
from tests.database import Database


@pytest.fixture(scope="session")
def app(stack: Stack) -> APIFlask:
    return app_for(stack)


@pytest.fixture
def browser(app: APIFlask) -> Browser:
    """Someone who has never been here."""
    return Browser(app)


@pytest.fixture
def connected(postgres_url: str) -> Iterator[Database]:
    """The database as its owner, keeping what is done."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield Database(connection)
