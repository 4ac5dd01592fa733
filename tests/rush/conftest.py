"""The app as production serves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.stack import Stack
from tests.stacks import served


@pytest.fixture(scope="package")
def site(stack: Stack) -> Iterator[str]:
    with served(stack) as address:
        yield address
