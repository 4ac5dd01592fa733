"""Processor time of each part: what an operation costs, whatever else the machine is doing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from bench.load import Loaded
from bench.site import Site

TICKS = os.sysconf("SC_CLK_TCK")


def costing(site: Site, work: Callable[[], Loaded]) -> tuple[Loaded, dict[str, float]]:
    """What came back, and the milliseconds of processor time that each part spent on one visit."""
    before = spent(site)
    loaded = work()
    after = spent(site)
    visits = max(1, len(loaded.visits))
    cost = {name: round((after[name] - before[name]) / visits * 1000, 2) for name in after}
    return loaded, {name: milliseconds for name, milliseconds in cost.items() if milliseconds >= 0.01}


def spent(site: Site) -> dict[str, float]:
    """Seconds of processor time of each part since it was started."""
    parts = {part.name: part.process.pid for part in site.stack.running if part.process}
    return {name: sum(map(_seconds, family(pid))) for name, pid in parts.items()}


def family(pid: int) -> list[int]:
    """A process and all that it started and that still lives."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(relative for child in children for relative in family(int(child)))]


def _seconds(pid: int) -> float:
    """Its own time and that of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS
