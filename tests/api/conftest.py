"""The API over the real stack."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, app_for


@pytest.fixture(scope="session")
def app(stack: Stack) -> APIFlask:
    return app_for(stack)


@pytest.fixture
def visitor(app: APIFlask) -> ApiClient:
    """Someone with an address of their own and no token."""
    return ApiClient(app)
