"""What requests ask most finds its rows by index: no table that grows is read from end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bench.world import SQL, id_of
from local.stack import Stack
from tests.database import Database, Person

EVENTS, ORDERS = 2_000, 20_000
PERSON = 7  # has twenty orders
GROWING = (
    "events",
    "ticket_types",
    "pools",
    "orders",
    "order_lines",
    "attendees",
    "payments",
    "checkouts",
    "deliveries",
    "order_requests",
    "audit_entries",
    "users",
    "sessions",
)
# Rows that may be read without an index; the smallest of the full tables has two thousand.
FEW = 100


@pytest.fixture(scope="module")
def crowded(stack: Stack) -> Iterator[Database]:
    """Two thousand events and twenty thousand orders, gone after these tests."""
    with stack.cluster.connect() as connection, connection.transaction(force_rollback=True):
        connection.execute("set local session_replication_role = replica")
        for file, first, last in (("add_events", 1, EVENTS), ("add_orders", 0, ORDERS - 1)):
            for name, value in (("first", first), ("last", last), ("events", EVENTS), ("password", "")):
                connection.execute("select set_config(%s, %s, true)", [f"bench.{name}", str(value)])
            connection.execute((SQL / f"{file}.sql").read_bytes())
        connection.execute("set local session_replication_role = origin")
        connection.execute("analyze")
        yield Database(connection)


def order(database: Database) -> Any:
    return buyer(database).call("place_order", event_id=id_of("event", 9), lines=lines(9))


def buyer(database: Database) -> Database:
    person = id_of("person", PERSON)
    return database.person(Person(person, person, f"person.{PERSON}@example.org"))  # type: ignore[arg-type]


def lines(event: int) -> list[dict[str, Any]]:
    return [{"ticket_type_id": id_of("seat", event), "quantity": 2}]


def facts(database: Database) -> dict[str, Any]:
    found = database.value("select id::text from public.orders where status = 'confirmed' limit 1")
    return {"session_id": "cs_new", "order_id": found, "payment_status": "unpaid", "session_status": "open"}


QUERIES: dict[str, Callable[[Database], Any]] = {
    "event page": lambda d: d.visitor().call("read_event", slug="event-1234"),
    "event page of a member": lambda d: buyer(d).call("read_event", slug="event-1234"),
    "seats left": lambda d: d.visitor().call("read_availability", event_id=id_of("event", 12)),
    "quote": lambda d: d.visitor().call("quote", event_id=id_of("event", 12), lines=lines(12)),
    "order form": lambda d: d.visitor().call("prepare_order", slug="event-12", lines=lines(12)),
    "placing an order": order,
    "order page": lambda d: buyer(d).call("read_order", reference=f"GC2025-{PERSON * 20 + 1:06}"),
    "order status": lambda d: buyer(d).call("read_order_state", reference=f"GC2025-{PERSON * 20 + 1:06}"),
    "order list": lambda d: buyer(d).call("list_orders"),
    "webhook": lambda d: d.service().call(
        "settle_payment", stripe_event_id="evt_1", event_type="checkout.session.completed", facts=facts(d)
    ),
    "sweep of holds": lambda d: d.service().call("expire_holds"),
    "outbox": lambda d: d.service().call("claim_deliveries"),
    "what is due": lambda d: d.service().call("job_status"),
}


@pytest.mark.parametrize("query", QUERIES)
def test_no_growing_table_is_read_from_end_to_end(crowded: Database, query: str) -> None:
    before = sequential_reads(crowded)
    QUERIES[query](crowded)
    read = {
        table: rows - before[table]
        for table, rows in sequential_reads(crowded).items()
        if rows - before[table] > FEW
    }
    assert read == {}


def sequential_reads(database: Database) -> dict[str, int]:
    """Rows that this transaction has read by sequential scans so far, by table."""
    rows = database.rows(
        "select relname, seq_tup_read from pg_stat_xact_all_tables where relname = any(%s)", [list(GROWING)]
    )
    return dict(rows)
