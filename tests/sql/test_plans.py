"""What requests ask most finds its rows by index: no table that grows is read from end to end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.queries import FEW, GROWING, PERSON, QUERIES, Query
from bench.world import SQL, id_of
from local.stack import Stack
from tests.database import Database, Person

EVENTS, ORDERS = 2_000, 20_000
HERE = {
    **QUERIES,
    "event page of a member": Query("read_event", {"slug": "event-1234"}, by="buyer"),
    "what is due": Query("job_status", by="service"),
}


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


def caller(database: Database, query: Query) -> Database:
    if query.by == "service":
        return database.service()
    if query.by == "visitor":
        return database.visitor()
    person = id_of("person", PERSON)
    return database.person(Person(person, person, f"person.{PERSON}@example.org"))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HERE)
def test_no_growing_table_is_read_from_end_to_end(crowded: Database, name: str) -> None:
    query, before = HERE[name], sequential_reads(crowded)
    caller(crowded, query).call(query.function, **query.arguments)
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
