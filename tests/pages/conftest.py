"""Pages over the real stack."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, app_for


@pytest.fixture(scope="session")
def app(stack: Stack) -> APIFlask:
    return app_for(stack)


@pytest.fixture
def browser(app: APIFlask) -> Browser:
    """Someone who has never been here."""
    return Browser(app)
