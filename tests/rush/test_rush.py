"""300 people at once: no seat is sold twice, none is stuck, and the line is served in order.

GUICHET_RUSH_SECONDS lets it last longer than a test should.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from apiflask import APIFlask

from local.stack import Stack
from services import jobs
from tests.application import app_for, token_for
from tests.database import Database
from tests.jobs import run
from tests.rush.crowd import buy, come_in_threes, hope, rush
from tests.selling import Listing, list_event

SECONDS = float(os.environ.get("GUICHET_RUSH_SECONDS", "8"))
SEATS = 40
REFUSALS = {
    "sold_out", "order_pending", "already_cancelled", "cancellation_under_way", "already_paid",
    "hold_expired", "already_in_line", "seats_available", "not_in_line", "not_found",
}  # fmt: skip

# For each free seat, whoever it would satisfy and who may be offered it.
NEGLECTED = """
    select entry.id
    from private.people_in_line(%(event)s) as entry
    inner join private.free_seats(%(event)s) as level on level.ticket_type_id = entry.ticket_type_id
    where level.seats >= entry.quantity
"""
# Line numbers of the single seats that were offered, in the order of the offers.
SERVED = """
    select entry.ticket_type_id, entry.line_number
    from public.waitlist_entries as entry
    inner join public.audit_entries as trail on trail.subject_id = entry.order_id
    where entry.event_id = %(event)s and entry.quantity = 1
    group by entry.id
    order by min(trail.id)
"""
COUNTED = """
    select orders.status, count(*)
    from public.orders inner join public.attendees on attendees.order_id = orders.id
    where orders.event_id = %(event)s and attendees.cancelled_at is null
        and orders.status in ('pending', 'confirmed')
    group by orders.status
"""


@pytest.fixture
def app(stack: Stack) -> APIFlask:
    return app_for(stack)


@pytest.fixture
def crowded(database: Database) -> Iterator[Listing]:
    """An event with a free and a paid ticket type; nobody is slowed down for ordering often."""
    before = database.rows("select name, amount from private.limits")
    database.rows("update private.limits set amount = 1000000 where true")
    yield list_event(database, {"price_cents": 0}, {"price_cents": 1500}, seats=SEATS)
    for name, amount in before:
        database.rows("update private.limits set amount = %s where name = %s", [amount, name])


@contextmanager
def watched(stack: Stack, listing: Listing) -> Iterator[list[int]]:
    """Looks at the event's pool again and again: how many seats were held and sold at most."""
    most, over = [0], threading.Event()

    def look() -> None:
        with psycopg.connect(stack.settings.database_url(), autocommit=True) as connection:
            while not over.wait(0.05):
                row = connection.execute(
                    "select held + sold from public.pools where event_id = %s and ticket_type_id is null",
                    [listing.id],
                ).fetchone()
                most[0] = max(most[0], row[0] if row else 0)

    watcher = threading.Thread(target=look)
    watcher.start()
    yield most
    over.set()
    watcher.join()


def test_three_hundred_at_once(
    site: str, app: APIFlask, stack: Stack, database: Database, crowded: Listing
) -> None:
    tokens = [token_for(stack, database.sign_up(f"Rush{number}")) for number in range(300)]
    habits = [buy] * 180 + [hope] * 100 + [come_in_threes] * 20
    with watched(stack, crowded) as most:
        answers = asyncio.run(rush(site, crowded, list(zip(tokens, habits, strict=True)), SECONDS))
    assert {status for status, _ in answers} <= {200, 201, 204, 404, 409, 410}, answers
    assert {word for _, word in answers if word} <= REFUSALS, answers
    assert most[0] == SEATS  # it was full, and never more than that
    run(app, jobs.expire_holds)

    event = {"event": crowded.id}
    held, sold = database.rows(
        "select held, sold from public.pools where event_id = %(event)s and ticket_type_id is null", event
    )[0]
    counted = dict(database.rows(COUNTED, event))
    assert (held, sold) == (counted.get("pending", 0), counted.get("confirmed", 0))
    assert database.service().call("check_pools") == []
    assert database.rows(NEGLECTED, event) == []
    served = database.rows(SERVED, event)
    assert len(served) > 10, answers
    for type in crowded.ticket_types:
        numbers = [number for ticket_type, number in served if str(ticket_type) == type]
        assert numbers == sorted(numbers)
