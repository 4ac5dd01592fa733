"""Load from a process of its own: as fast as it goes, or at a fixed rate whose delays are told in full.

At a fixed rate a request counts from the instant it was due, not from when a connection was free to carry it:
a server that stalls cannot hide the requests that it kept from being sent (coordinated omission).
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import multiprocessing
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import TypeVar

from bench.wire import Connection

T = TypeVar("T")
Visit = Callable[[Connection, int], Awaitable[int]]  # one visit, the n-th; answers its last status
PATIENCE = 60.0  # seconds after which a request is given up


@dataclass
class Loaded:
    """What came back, in how many seconds: of each visit its status (0: none) and its milliseconds."""

    seconds: float = 0.0
    visits: list[tuple[int, float]] = field(default_factory=list)

    def __add__(self, later: Loaded) -> Loaded:
        return Loaded(self.seconds + later.seconds, self.visits + later.visits)

    @property
    def statuses(self) -> Counter[int]:
        return Counter(status for status, _ in self.visits)

    @property
    def rate(self) -> float:
        """Good answers in a second."""
        return sum(count for status, count in self.statuses.items() if 200 <= status < 400) / self.seconds

    def percentile(self, percent: int) -> float:
        if len(self.visits) < 2:
            return 0.0
        return quantiles((took for _, took in self.visits), n=100, method="inclusive")[percent - 1]

    def latency(self) -> dict[str, float]:
        return {f"p{percent}_ms": round(self.percentile(percent), 1) for percent in (50, 95, 99)}

    def others(self) -> dict[str, int]:
        """Answers that were no success; empty in a sound run."""
        return {str(status): count for status, count in self.statuses.items() if not 200 <= status < 400}


def full(port: int, visit: Visit, *, connections: int, seconds: float, first: int = 0) -> Loaded:
    """As many visits as `connections` can make, one after another, for so long."""
    return in_own_process(_full, port, visit, connections, seconds, first)


def alternately(sides: Sequence[tuple[int, Visit]], *, seconds: float) -> list[Loaded]:
    """One visitor who goes from port to port, visit by visit, for so long; what came back from each."""
    return in_own_process(_alternately, sides, seconds)


def steady(
    port: int, visit: Visit, *, rate: float, seconds: float, connections: int = 64, first: int = 0
) -> Loaded:
    """`rate` visits a second, each due at its own instant whatever became of those before."""
    count = max(1, int(rate * seconds))
    return in_own_process(_due, port, visit, connections, count, 1 / rate, first)


def at_once(port: int, visit: Visit, *, count: int, connections: int, first: int = 0) -> Loaded:
    """A crowd: `count` visits, all due at the same instant, through so many connections."""
    return in_own_process(_due, port, visit, connections, count, 0.0, first)


def in_own_process(function: Callable[..., T], *arguments: object) -> T:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def _full(port: int, visit: Visit, connections: int, seconds: float, first: int) -> Loaded:
    loaded = Loaded()
    upcoming = iter(range(first, first + 10**9))

    async def visitor(end: float) -> None:
        connection = Connection(port)
        while (began := time.perf_counter()) < end:
            await _visit(visit, connection, next(upcoming), began, loaded)
        connection.hang_up()

    async def all_visitors() -> None:
        end = time.perf_counter() + seconds
        await asyncio.gather(*(visitor(end) for _ in range(connections)))

    _run(all_visitors(), loaded)
    return loaded


def _alternately(sides: Sequence[tuple[int, Visit]], seconds: float) -> list[Loaded]:
    found = [Loaded() for _ in sides]

    async def visitor() -> None:
        connections = [Connection(port) for port, _ in sides]
        end = time.perf_counter() + seconds
        for number in itertools.count():
            for (_, visit), connection, loaded in zip(sides, connections, found, strict=True):
                await _visit(visit, connection, number, time.perf_counter(), loaded)
            if time.perf_counter() > end:
                break

    _run(visitor(), Loaded())
    return found


def _due(port: int, visit: Visit, connections: int, count: int, interval: float, first: int) -> Loaded:
    loaded = Loaded()
    upcoming = iter(range(count))

    async def visitor(start: float) -> None:
        connection = Connection(port)
        for number in upcoming:
            due = start + number * interval
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            await _visit(visit, connection, first + number, due, loaded)
        connection.hang_up()

    async def all_visitors() -> None:
        start = time.perf_counter()
        await asyncio.gather(*(visitor(start) for _ in range(min(connections, count))))

    _run(all_visitors(), loaded)
    return loaded


async def _visit(visit: Visit, connection: Connection, number: int, began: float, loaded: Loaded) -> None:
    try:
        status = await asyncio.wait_for(visit(connection, number), PATIENCE)
    except (ConnectionError, TimeoutError, OSError):
        connection.hang_up()
        status = 0
    loaded.visits.append((status, (time.perf_counter() - began) * 1000))


def _run(work: Awaitable[None], loaded: Loaded) -> None:
    async def measured() -> None:
        began = time.perf_counter()
        await work
        loaded.seconds = time.perf_counter() - began

    gc.disable()  # a pause of the driver would look like one of the server
    asyncio.run(measured())
