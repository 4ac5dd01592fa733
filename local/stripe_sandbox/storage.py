"""Where the sandbox keeps its state: one SQLite file, many reading threads, one writer at a time."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .settings import Settings

Body = dict[str, Any]

SCHEMA = Path(__file__).with_name("schema.sql").read_text()
TABLES = ("objects", "answers", "attempts", "deliveries", "timers", "faults")


class Store:
    """Objects as JSON, plus the few tables that make them move."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stirred = threading.Event()
        """Set after a commit that left something to do at once; the clockwork waits for it."""
        self._path = settings.state / "stripe.sqlite3"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._local = threading.local()
        self._writing = threading.RLock()
        self._stir_on_commit = False
        self._connection.executescript(SCHEMA)

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            connection.row_factory = sqlite3.Row
            connection.executescript("pragma journal_mode = wal; pragma synchronous = normal;")
            self._local.connection = connection
        return connection

    def query(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Run one statement and return its rows."""
        return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; nested inside another one it is a savepoint."""
        with self._writing:
            connection = self._connection
            nested = connection.in_transaction
            connection.execute("savepoint step" if nested else "begin immediate")
            try:
                yield
            except BaseException:
                connection.execute("rollback to step" if nested else "rollback")
                if nested:
                    connection.execute("release step")
                raise
            connection.execute("release step" if nested else "commit")
            if self._stir_on_commit and not nested:
                self._stir_on_commit = False
                self.stirred.set()

    def stir(self) -> None:
        """Wake the clockwork once the running transaction is committed."""
        self._stir_on_commit = True

    def add(self, body: Body, **private: object) -> Body:
        """Keep a new object; `private` is what only the sandbox may know of it."""
        self.query(
            "insert into objects (id, object, created, body, private) values (?, ?, ?, ?, ?)",
            body["id"],
            body["object"],
            body["created"],
            json.dumps(body),
            json.dumps(private),
        )
        return body

    def find(self, identifier: str, kind: str | None = None) -> Body | None:
        """The object of that id (and of that kind, when one is given), or None."""
        rows = self.query("select object, body from objects where id = ?", identifier)
        if not rows or (kind is not None and rows[0]["object"] != kind):
            return None
        return _decoded(rows[0]["body"])

    def get(self, identifier: str) -> Body:
        """The object of that id, which is known to exist."""
        body = self.find(identifier)
        if body is None:
            raise LookupError(identifier)
        return body

    def private(self, identifier: str) -> Body:
        """What only the sandbox knows of an object."""
        rows = self.query("select private from objects where id = ?", identifier)
        return _decoded(rows[0]["private"]) if rows else {}

    def change(self, identifier: str, **fields: object) -> Body:
        """Set fields of an object and return it as it is now."""
        body = self.get(identifier) | fields
        self.query("update objects set body = ? where id = ?", json.dumps(body), identifier)
        return body

    def listed(
        self, kind: str, conditions: Sequence[tuple[str, object]] = (), *, limit: int, ascending: bool = False
    ) -> list[Body]:
        """Objects of a kind that meet all conditions (SQL with one placeholder each), newest first."""
        clauses = " and ".join(["object = ?", *(sql for sql, _ in conditions)])
        order = "asc" if ascending else "desc"
        rows = self.query(
            f"select body from objects where {clauses} order by seq {order} limit ?",
            kind,
            *(value for _, value in conditions),
            limit,
        )
        return [_decoded(row["body"]) for row in rows]

    def related(self, kind: str, **fields: str) -> list[Body]:
        """Every object of a kind whose fields have these values, newest first."""
        return self.listed(kind, [(field_is(name), value) for name, value in fields.items()], limit=-1)

    def set_timer(self, subject: str, task: str, due_at: float) -> None:
        """Have the clockwork do `task` to `subject` at that time (seconds since 1970)."""
        self.query("insert into timers (subject, task, due_at) values (?, ?, ?)", subject, task, due_at)
        if due_at < time.time() + 60:
            self.stir()

    def stop_timers(self, subject: str) -> None:
        self.query("delete from timers where subject = ?", subject)

    def clear(self) -> None:
        """Forget everything."""
        with self.transaction():
            for table in TABLES:
                self.query(f"delete from {table}")


def field_is(name: str) -> str:
    """The SQL condition that a field equals a value, written as the indexes are."""
    return f"json_extract(body, '$.{name}') = ?"


def _decoded(text: str) -> Body:
    decoded: Body = json.loads(text)
    return decoded
