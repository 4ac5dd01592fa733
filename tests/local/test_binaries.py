"""The Postgres programs that npm brought: their links are made once, however many stacks start together."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from local.postgres.binaries import restore_links

STACKS, LINKS = 8, 50


def test_links_are_restored_by_many_at_once(tmp_path: Path) -> None:
    native = tmp_path / "native"
    (native / "lib").mkdir(parents=True)
    links = [
        {"source": f"native/lib/libpq.so.{n}", "target": f"native/lib/libpq-{n}.so"} for n in range(LINKS)
    ]
    (native / "pg-symlinks.json").write_text(json.dumps(links))
    start = Barrier(STACKS)

    def restore(_: int) -> None:
        start.wait(timeout=10)
        restore_links(native)

    with ThreadPoolExecutor(STACKS) as stacks:
        list(stacks.map(restore, range(STACKS)))
    made = {link.name: str(link.readlink()) for link in (native / "lib").iterdir()}
    assert made == {f"libpq-{n}.so": f"libpq.so.{n}" for n in range(LINKS)}
