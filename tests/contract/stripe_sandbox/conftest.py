"""One sandbox for all its tests, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .running import Listener, Sandbox


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Listener]]:
    listener = Listener()
    sandbox = Sandbox(tmp_path_factory.mktemp("stripe"), listener.url)
    sandbox.start()
    yield sandbox, listener
    sandbox.stop()
    listener.shutdown()


@pytest.fixture
def sandbox(running: tuple[Sandbox, Listener]) -> Sandbox:
    """The sandbox, with nothing in it."""
    running[0].pull("reset")
    return running[0]


@pytest.fixture
def listener(running: tuple[Sandbox, Listener], sandbox: Sandbox) -> Listener:
    """The webhook endpoint, in a good mood, with nothing received yet."""
    running[1].status = 200
    running[1].received.clear()
    return running[1]
