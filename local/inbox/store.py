"""The inbox's memory: one SQLite file that outlives the process."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.inbox.failures import Failure
from local.inbox.messages import Attachment, Message, now
from local.inbox.webhooks import Webhook, webhooks_for

KEYS_LAST = timedelta(hours=24)
SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")


class KeyReused(Exception):
    """An idempotency key came again with another body."""


class Store:
    """Mails, idempotency keys, failures to play, and webhooks still to be delivered.

    One connection behind one lock: the inbox is small, and a whole request then happens at once.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.execute("pragma foreign_keys = on")
        self._connection.executescript(SCHEMA)
        self._lock = threading.RLock()
        self.changed = threading.Condition()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone; whoever waits for a change is woken after it."""
        with self._lock:
            self._connection.execute("begin immediate")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")
        with self.changed:
            self.changed.notify_all()

    def accept(self, messages: list[Message], key: str | None, fingerprint: str, answer: Any) -> Any:
        """Keep the mails and return the answer; under a key already used, the answer given then.

        Raises KeyReused when the key came with another body within 24 hours.
        """
        with self.transaction() as db:
            if key is not None:
                oldest = (datetime.now(UTC) - KEYS_LAST).isoformat(timespec="microseconds")
                db.execute("delete from idempotency_keys where created_at < ?", (oldest,))
                known = db.execute("select * from idempotency_keys where key = ?", (key,)).fetchone()
                if known and known["fingerprint"] != fingerprint:
                    raise KeyReused(key)
                if known:
                    return json.loads(known["answer"])
                db.execute(
                    "insert into idempotency_keys values (?, ?, ?, ?)",
                    (key, fingerprint, json.dumps(answer), now()),
                )
            for message in messages:
                _insert(db, message)
        return answer

    def messages(self, *, to: str = "", after: str = "", limit: int = 200) -> list[Message]:
        """Mails newest first; `to` matches any part of a recipient's address, `after` is an instant."""
        rows = self._all(
            """select * from messages where created_at > ? and exists (
                 select 1 from recipients r where r.message_id = messages.id and instr(r.address, ?) > 0)
               order by created_at desc, position desc limit ?""",
            (after, to.strip().lower(), limit),
        )
        return [self._message(row) for row in rows]

    def wait_for_messages(self, *, to: str, after: str, seconds: float) -> list[Message]:
        """As `messages`, but when there is none yet, wait up to that long for the first."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while not (found := self.messages(to=to, after=after)):
                left = deadline - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    break
        return found or self.messages(to=to, after=after)

    def message(self, message_id: str) -> Message | None:
        rows = self._all("select * from messages where id = ?", (message_id,))
        return self._message(rows[0]) if rows else None

    def clear(self) -> int:
        """Forget every mail, key and waiting webhook; the number of mails forgotten."""
        with self.transaction() as db:
            gone = db.execute("delete from messages where true").rowcount
            db.execute("delete from idempotency_keys where true")
        return gone

    def set_last_event(self, message_id: str, event: str) -> None:
        with self.transaction() as db:
            db.execute("update messages set last_event = ? where id = ?", (event, message_id))

    def due_webhook(self) -> Webhook | None:
        """The webhook that has waited longest past its time."""
        rows = self._all("select * from webhooks where due_at <= ? order by due_at limit 1", (now(),))
        return Webhook(**dict(rows[0])) if rows else None

    def drop_webhook(self, webhook_id: str) -> None:
        with self.transaction() as db:
            db.execute("delete from webhooks where id = ?", (webhook_id,))

    def postpone_webhook(self, webhook_id: str, due_at: str) -> None:
        with self.transaction() as db:
            db.execute(
                "update webhooks set attempts = attempts + 1, due_at = ? where id = ?", (due_at, webhook_id)
            )

    def plan(self, failure: Failure) -> None:
        """Let the next `failure.count` sends fail so, after those already planned."""
        with self.transaction() as db:
            for _ in range(failure.count):
                db.execute("insert into failures (failure) values (?)", (json.dumps(asdict(failure)),))

    def planned(self) -> list[Failure]:
        return [
            Failure(**json.loads(row["failure"])) for row in self._all("select * from failures order by id")
        ]

    def next_failure(self) -> Failure | None:
        """The failure this send has to meet, taken off the list."""
        with self.transaction() as db:
            row = db.execute("select * from failures order by id limit 1").fetchone()
            if row is None:
                return None
            db.execute("delete from failures where id = ?", (row["id"],))
        return Failure(**json.loads(row["failure"]))

    def forget_failures(self) -> None:
        with self.transaction() as db:
            db.execute("delete from failures where true")

    def _all(self, query: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _message(self, row: sqlite3.Row) -> Message:
        attachments = self._all(
            "select id, filename, content_type, content, content_id from attachments"
            " where message_id = ? order by rowid",
            (row["id"],),
        )
        return Message(
            **json.loads(row["message"], object_hook=_tuples),
            id=row["id"],
            created_at=row["created_at"],
            last_event=row["last_event"],
            attachments=tuple(Attachment(**dict(each)) for each in attachments),
        )


def _insert(db: sqlite3.Connection, message: Message) -> None:
    kept_apart = {"id", "created_at", "last_event", "attachments"}
    rest = {name: value for name, value in vars(message).items() if name not in kept_apart}
    db.execute(
        "insert into messages (id, created_at, last_event, message) values (?, ?, ?, ?)",
        (message.id, message.created_at, message.last_event, json.dumps(rest)),
    )
    db.executemany(
        "insert or ignore into recipients values (?, ?)", [(message.id, each) for each in message.recipients]
    )
    db.executemany(
        "insert into attachments values (:id, :message_id, :filename, :content_type, :content, :content_id)",
        [vars(each) | {"message_id": message.id} for each in message.attachments],
    )
    db.executemany(
        "insert into webhooks values (:id, :message_id, :event, :payload, :attempts, :due_at)",
        [vars(each) for each in webhooks_for(message)],
    )


def _tuples(value: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(each) if isinstance(each, list) else each for name, each in value.items()}
