"""Stacks for tests: on free ports, without sample data, fast rather than durable, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

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
