"""A team with a hundred thousand orders: what its pages ask finds its rows by index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bench.queries import FEW, PERSON
from bench.world import World, id_of
from local.parts import OPTIONAL
from tests.database import Database, Person
from tests.sql.test_plans import sequential_reads
from tests.stacks import temporary_stack

EVENTS, ORDERS = 5, 100_000


@pytest.fixture(scope="module")
def large() -> Iterator[Database]:
    """Five events of one team, twenty thousand orders each, seen by its owner: in a Postgres of its own, as
    an index alone answers only after a vacuum, which no transaction can undo."""
    with temporary_stack(without=OPTIONAL) as stack:
        world = World(stack.cluster)
        world.crowd_team(events=EVENTS, orders=ORDERS, owner=PERSON)
        world.grow(events=2_000, orders=ORDERS)  # so that no table is small
        person = id_of("person", PERSON)
        owner = Person(person, person, f"person.{PERSON}@example.org")  # type: ignore[arg-type]
        with stack.cluster.connect() as connection, connection.transaction(force_rollback=True):
            yield Database(connection).person(owner)


TEAM: dict[str, Any] = {"organizer": "organizer-0"}
EVENT: dict[str, Any] = {"event_id": id_of("event", 3)}
QUERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "orders": ("list_team_orders", TEAM),
    "oldest orders": ("list_team_orders", {**TEAM, "sort": "oldest"}),
    "largest orders": ("list_team_orders", {**TEAM, "sort": "largest"}),
    "orders of an event": ("list_team_orders", {**TEAM, **EVENT, "sort": "largest"}),
    "orders in a state": ("list_team_orders", {**TEAM, "status": "expired"}),
    "orders in a state that none has": ("list_team_orders", {**TEAM, "status": "declined"}),
    "orders by payment": ("list_team_orders", {**TEAM, "payment_status": "unpaid"}),
    "orders by a payment that none has": ("list_team_orders", {**TEAM, "payment_status": "refunded"}),
    "orders that owe money": ("list_team_orders", {**TEAM, "owing": True}),
    "orders of days": ("list_team_orders", {**TEAM, "placed_to": date(2020, 1, 1)}),
    "search by name": ("list_team_orders", {**TEAM, "q": "person 4321"}),
    "search by reference": ("list_team_orders", {**TEAM, "q": "GC2025-077"}),
    "search for nobody": ("list_team_orders", {**TEAM, "q": "zzz"}),
    "an order": ("read_team_order", {"reference": "GC2025-077777"}),
    "people": ("list_people", TEAM),
    "search for people": ("list_people", {**TEAM, "q": "person 4321"}),
    "attendees": ("list_attendees", EVENT),
    "search for attendees": ("list_attendees", {**EVENT, "q": "4321"}),
    "numbers": ("read_dashboard", EVENT),
    "the line": ("list_event_waitlist", EVENT),
    "disputes": ("list_disputes", TEAM),
    "the trail": ("list_audit_entries", TEAM),
    "the trail of the team itself": ("list_audit_entries", {**TEAM, "matter": "team"}),
    "the trail of one person": ("list_audit_entries", {**TEAM, "actor_id": id_of("person", PERSON)}),
    "the trail of days": ("list_audit_entries", {**TEAM, "to_day": date(2020, 1, 1)}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_no_growing_table_is_read_from_end_to_end(large: Database, name: str) -> None:
    function, arguments = QUERIES[name]
    before = sequential_reads(large)
    large.call(function, **arguments)
    after = sequential_reads(large)
    assert {table for table, rows in after.items() if rows - before[table] > FEW} == set()
