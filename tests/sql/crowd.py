"""Many callers at the same instant: real connections in real threads, whose work is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from tests.database import Database
from tests.sql import events
from tests.sql.events import Event


class Crowd:
    """`owner` prepares what the crowd meets; `rush` lets it go."""

    def __init__(self, connect: Callable[[], Database]) -> None:
        self.owner = connect()
        self._connect = connect
        self._events: list[Event] = []

    def event(self, **columns: Any) -> Event:
        """An event that is seen by all for as long as the test runs."""
        made = events.event(self.owner, **columns)
        self._events.append(made)
        return made

    def rush(self, attempts: Iterable[Callable[[Database], Any]]) -> list[Any]:
        """Run all at once, each on a connection of its own; a refusal is answered as its word."""
        attempts = list(attempts)
        callers = [self._connect() for _ in attempts]
        start = threading.Barrier(len(attempts))

        def run(attempt: Callable[[Database], Any], caller: Database) -> Any:
            start.wait(timeout=10)
            return answer(attempt, caller)

        with ThreadPoolExecutor(len(attempts)) as threads:
            return list(threads.map(run, attempts, callers))

    def leave(self) -> None:
        self.owner.rows(
            "update public.events set status = 'completed' where id = any(%s) and status = 'published'",
            [[event.id for event in self._events]],
        )
        self.owner.rows(
            "update public.orders set status = 'cancelled' where event_id = any(%s) and status = 'pending'",
            [[event.id for event in self._events]],
        )


def answer(attempt: Callable[[Database], Any], caller: Database) -> Any:
    """What an attempt answered, or the word it was refused with. Postgres' own errors are faults and pass."""
    try:
        return attempt(caller)
    except psycopg.Error as error:
        if not (error.sqlstate or "").startswith("PT"):
            raise
        return error.diag.message_primary
