"""Waiting for what happens elsewhere, in another process or thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(condition: Callable[[], Found], seconds: float = 10) -> Found:
    """What `condition` answers, as soon as that is true; fails when it does not get so in time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found
