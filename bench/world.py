"""What the stack holds while it is measured: events, people and orders by number, written by SQL."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from local.postgres.cluster import Cluster

SQL = Path(__file__).parent / "sql"
PASSWORD = "correct horse battery"
FILLED = (
    "public.events",
    "public.ticket_types",
    "public.orders",
    "public.order_lines",
    "public.attendees",
    "public.payments",
    "private.order_requests",
)


def id_of(kind: str, number: int) -> str:
    """The id that the SQL files give to the `number`-th event, seat, balcony, person or order."""
    return str(uuid.UUID(hashlib.md5(f"{kind} {number}".encode(), usedforsecurity=False).hexdigest()))


class World:
    """Events and orders grow in number; nothing that is there changes its id."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.events = 0
        self.orders = 0

    def grow(self, *, events: int, orders: int) -> None:
        """Add what is missing, then let Postgres count, as its autovacuum would have."""
        with self.cluster.connect() as connection, connection.transaction(), without_indexes(connection):
            # What triggers would do is done in bulk; foreign keys hold by construction.
            connection.execute("set local session_replication_role = replica")
            self._set(connection, events=events, password=self._hash(connection))
            if events > self.events:
                self._run(connection, "add_events.sql", self.events + 1, events)
            if orders > self.orders:
                self._run(connection, "add_orders.sql", self.orders, orders - 1)
        self.events, self.orders = events, orders
        self.settle()

    def crowd_team(self, *, events: int, orders: int, owner: int) -> str:
        """So many orders at so few events, all of one team that the `owner`-th account owns; its slug."""
        assert events < 100, "the hundredth event is another organizer's"
        self.grow(events=events, orders=0)
        with self.cluster.connect() as connection, connection.transaction():
            connection.execute("set local session_replication_role = replica")
            self._seat(connection, 3 * orders // events, [id_of("event", n + 1) for n in range(events)])
        self.grow(events=events, orders=orders)
        with self.cluster.connect() as connection:
            connection.execute(
                "insert into public.organizer_members (organizer_id, user_id, role) values (%s, %s, 'owner')",
                [id_of("organizer", 0), id_of("person", owner)],
            )
        return "organizer-0"

    def settle(self) -> None:
        with self.cluster.connect() as connection:
            connection.execute("vacuum (analyze)")
            connection.execute("checkpoint")

    def hot_event(self, seats: int, price: int | None = None) -> int:
        """One more event, with so many seats, and one price if it is told; its number."""
        self.events += 1
        event = id_of("event", self.events)
        with self.cluster.connect() as connection, connection.transaction():
            connection.execute("set local session_replication_role = replica")
            self._run(connection, "add_events.sql", self.events, self.events)
            self._seat(connection, seats, [event])
            if price is not None:
                connection.execute(
                    """update public.ticket_types set price_cents = %s, early_bird_price_cents = null,
                    early_bird_until = null where event_id = %s""",
                    [price, event],
                )
        return self.events

    def _seat(self, connection: psycopg.Connection, seats: int, events: list[str]) -> None:
        connection.execute("update public.events set capacity = %s where id = any(%s)", [seats, events])
        connection.execute(
            "update public.pools set capacity = %s where event_id = any(%s) and ticket_type_id is null",
            [seats, events],
        )

    def _run(self, connection: psycopg.Connection, file: str, first: int, last: int) -> None:
        self._set(connection, first=first, last=last)
        connection.execute((SQL / file).read_bytes())

    def _set(self, connection: psycopg.Connection, **values: int | str) -> None:
        for name, value in values.items():
            connection.execute("select set_config(%s, %s, false)", [f"bench.{name}", str(value)])

    def _hash(self, connection: psycopg.Connection) -> str:
        """Everyone's password, hashed once at the cost that Supabase Auth uses."""
        row = connection.execute("select extensions.crypt(%s, extensions.gen_salt('bf', 10))", [PASSWORD])
        return str((row.fetchone() or [""])[0])


@contextmanager
def without_indexes(connection: psycopg.Connection) -> Iterator[None]:
    """Drop the indexes that no constraint needs, and build them again after the block: it is faster."""
    definitions = connection.execute(
        """select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
        where indrelid = any(%s::regclass[])
            and not exists (select from pg_constraint where conindid = indexrelid)""",
        [list(FILLED)],
    ).fetchall()
    for name, _ in definitions:
        connection.execute(f"drop index {name}")
    yield
    connection.execute("set local maintenance_work_mem = '512MB'")
    for _, definition in definitions:
        connection.execute(definition)
