"""Many callers at the same instant: real connections in real threads, whose work is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg

from tests.database import Database
from tests.sql import events
from tests.sql.events import Event


class Callers:
    """As many connections as were ever needed at once; each statement on them is committed, or gives up."""

    def __init__(self, postgres_url: str, database: str) -> None:
        self._connect = partial(
            psycopg.connect,
            postgres_url,
            dbname=database,
            autocommit=True,
            options="-c statement_timeout=20s",
        )
        self._opened: list[psycopg.Connection] = []

    def take(self, number: int) -> list[Database]:
        while len(self._opened) < number:
            self._opened.append(self._connect())
        return [Database(connection) for connection in self._opened[:number]]

    def close(self) -> None:
        for connection in self._opened:
            connection.close()


class Crowd:
    """`owner` prepares what the crowd meets; `rush` lets it go."""

    def __init__(self, callers: Callers) -> None:
        self.owner = callers.take(1)[0]
        self.callers = callers

    def event(self, **columns: Any) -> Event:
        return events.event(self.owner, **columns)

    def rush(self, attempts: Iterable[Callable[[Database], Any]]) -> list[Any]:
        """Run all at once, each on a connection of its own; a refusal is answered as its word."""
        attempts = list(attempts)
        callers = self.callers.take(len(attempts))
        start = threading.Barrier(len(attempts))

        def run(attempt: Callable[[Database], Any], caller: Database) -> Any:
            start.wait(timeout=10)
            return answer(attempt, caller)

        with ThreadPoolExecutor(len(attempts)) as threads:
            return list(threads.map(run, attempts, callers))


def answer(attempt: Callable[[Database], Any], caller: Database) -> Any:
    """What an attempt answered, or the word it was refused with. Postgres' own errors are faults and pass."""
    try:
        return attempt(caller)
    except psycopg.Error as error:
        if not (error.sqlstate or "").startswith("PT"):
            raise
        return error.diag.message_primary
