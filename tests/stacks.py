"""Stacks for tests: on free ports, without sample data, fast rather than durable, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.settings import PORTS, Settings
from local.stack import Stack


@contextmanager
def temporary_stack(without: Collection[str]) -> Iterator[Stack]:
    state = Path(tempfile.mkdtemp(prefix="guichet-test-"))
    state.chmod(0o711)  # as root, Postgres runs as someone else and must get through
    settings = Settings.read({"GUICHET_STATE": str(state), **dict.fromkeys(PORTS, "0")}, durable=False)
    try:
        with Stack(settings, without=without, seed=False) as running:
            yield running
    finally:
        shutil.rmtree(state)


@contextmanager
def served(stack: Stack) -> Iterator[str]:
    """The app's web and worker processes on top of a stack; gives its address.

    Visitors tell their address in X-Forwarded-For, so that limits per address do not make them meet.
    """
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRUSTED_PROXIES", "1")
        stack.add("web", "worker")
    yield stack.settings.site_url
    stack.remove("web", "worker")
