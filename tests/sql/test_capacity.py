"""Seats: pools of an event and of its ticket types, and holds that lapse to the instant."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, guest, holding, line, paid, place, place_as_guest, state

MICROSECOND = timedelta(microseconds=1)


def test_the_last_seat_is_sold_once(database: Database) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    place_as_guest(database, show, seat)
    with database.refuses("sold_out", 409) as refusal:
        place_as_guest(database, show, seat)
    assert refusal.detail["left"] == 0


def test_a_refusal_tells_what_is_left(database: Database) -> None:
    show = events.event(database, capacity=3)
    seat = events.ticket_type(database, show)
    with database.refuses("sold_out", 409) as refusal:
        place_as_guest(database, show, seat, 4)
    assert refusal.detail["left"] == 3
    place_as_guest(database, show, seat, 3)


def test_held_and_sold_seats_are_counted_apart(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, capacity=8)
    order = place_as_guest(database, show, seat, 3)
    assert events.pool(database, show) == events.pool(database, show, seat) == (3, 0)
    paid(database, order)
    assert events.pool(database, show) == events.pool(database, show, seat) == (0, 3)


def test_a_ticket_type_has_its_own_limit_within_the_event(database: Database) -> None:
    show = events.event(database, capacity=5)
    balcony = events.ticket_type(database, show, capacity=2)
    stalls = events.ticket_type(database, show)
    place_as_guest(database, show, balcony, 2)
    with database.refuses("sold_out", 409) as refusal:
        place_as_guest(database, show, balcony)
    assert refusal.detail == {"ticket_type_id": str(balcony), "left": 0}
    place_as_guest(database, show, stalls, 3)
    with database.refuses("sold_out", 409):
        place_as_guest(database, show, stalls)


def test_the_event_limits_its_ticket_types_together(database: Database) -> None:
    show = events.event(database, capacity=3)
    balcony = events.ticket_type(database, show, capacity=3)
    stalls = events.ticket_type(database, show, capacity=3)
    both = [line(balcony, 2), line(stalls, 2)]
    with database.refuses("sold_out", 409) as refusal:
        database.visitor().call("place_order", event_id=show.id, lines=both, buyer=guest())
    assert refusal.detail["left"] == 3
    assert events.pool(database, show) == (0, 0)
    database.visitor().call(
        "place_order", event_id=show.id, lines=[line(balcony, 2), line(stalls)], buyer=guest()
    )
    assert events.pool(database, show) == (3, 0)
    assert (events.pool(database, show, balcony), events.pool(database, show, stalls)) == ((2, 0), (1, 0))


def test_pages_show_the_seats_left(database: Database) -> None:
    show = events.event(database, capacity=5)
    balcony = events.ticket_type(database, show, capacity=2)
    stalls = events.ticket_type(database, show)
    place_as_guest(database, show, balcony, 1)
    paid(database, place_as_guest(database, show, stalls, 2))
    answer = database.visitor().call("read_availability", event_id=show.id)
    assert (answer["capacity"], answer["left"]) == (5, 2)
    left = {each["id"]: each["left"] for each in answer["ticket_types"]}
    assert left == {str(balcony): 1, str(stalls): 2}
    page = database.visitor().call("read_event", slug=show.slug)
    assert page["left"] == 2
    assert {each["id"]: each["left"] for each in page["ticket_types"]} == left


def test_a_hold_stands_through_its_last_microsecond(database: Database) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    order = place_as_guest(database, show, seat)
    database.move_clock(HOLD - MICROSECOND)
    with database.refuses("sold_out"):
        place_as_guest(database, show, seat)
    found = holding(database, order).call("read_order", reference=order["reference"])
    assert (found["status"], found["hold_left_seconds"], found["can"]) == (
        "pending",
        1,
        ["pay", "cancel", "name"],
    )


def test_a_hold_has_lapsed_at_its_instant(database: Database) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    order = place_as_guest(database, show, seat)
    database.move_clock(HOLD)
    found = holding(database, order).call("read_order", reference=order["reference"])
    assert (found["status"], found["status_reason"]) == ("expired", "hold_lapsed")
    assert (found["hold_left_seconds"], found["can"]) == (0, ["cancel"])
    assert database.visitor().call("read_availability", event_id=show.id)["left"] == 1
    place_as_guest(database, show, seat)
    assert state(database, order) == ("expired", "hold_lapsed", "unpaid")


def test_lapsed_holds_block_nobody_though_no_job_has_run(database: Database) -> None:
    show = events.event(database, capacity=4)
    balcony = events.ticket_type(database, show, capacity=2)
    stalls = events.ticket_type(database, show)
    for seat in (balcony, stalls):
        place_as_guest(database, show, seat, 2)
    database.move_clock(HOLD)
    both = [line(balcony, 2), line(stalls, 2)]
    database.visitor().call("place_order", event_id=show.id, lines=both, buyer=guest())
    assert events.pool(database, show) == (4, 0)


def test_ones_own_lapsed_order_is_replaced(database: Database, ana: Person) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    first = place(database.person(ana), show, seat)
    with database.refuses("order_pending"):
        place(database.person(ana), show, seat)
    database.move_clock(HOLD)
    second = place(database.person(ana), show, seat)
    assert second["reference"] != first["reference"]


def test_the_hold_is_as_long_as_the_policy_says(database: Database) -> None:
    database.rows("update public.event_policies set hold = '30 minutes' where key = 'conference'")
    show = events.event(database, policy="conference")
    order = place_as_guest(database, show, events.ticket_type(database, show))
    assert order["hold_left_seconds"] == 30 * 60
    assert place_as_guest(database, *classic(database))["hold_left_seconds"] == 15 * 60


def classic(db: Database) -> tuple[events.Event, uuid.UUID]:
    show = events.event(db)
    return show, events.ticket_type(db, show)


def test_a_sweep_expires_what_has_lapsed_and_counts_it(database: Database) -> None:
    show, other = events.event(database), events.event(database)
    for each in (show, other):
        place_as_guest(database, each, events.ticket_type(database, each), 2)
    database.move_clock(HOLD - MICROSECOND)
    fresh = events.event(database)
    place_as_guest(database, fresh, events.ticket_type(database, fresh))
    assert database.service().call("expire_holds")["expired"] == 0
    database.move_clock(HOLD)
    assert database.service().call("expire_holds")["expired"] == 2
    assert database.service().call("expire_holds")["expired"] == 0
    assert [events.pool(database, each) for each in (show, other, fresh)] == [(0, 0), (0, 0), (1, 0)]


def test_seats_given_back_are_free_at_once(database: Database, ana: Person) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    order = place(database.person(ana), show, seat)
    given = database.person(ana).call("cancel_order", reference=order["reference"])
    assert (given["status"], given["status_reason"], given["can"]) == ("cancelled", "given_back", [])
    assert events.pool(database, show) == (0, 0)
    with database.refuses("already_cancelled", 409):
        database.person(ana).call("cancel_order", reference=order["reference"])
    place_as_guest(database, show, seat)


@pytest.mark.parametrize(("closing", "sale"), [(timedelta(0), "ended"), (MICROSECOND, "on_sale")])
def test_a_sale_ends_at_its_instant(database: Database, closing: timedelta, sale: str) -> None:
    show = events.event(database)
    now = database.value("select private.now()")
    seat = events.ticket_type(database, show, sale_ends_at=now + closing)
    expect_sale(database, show, seat, sale)


@pytest.mark.parametrize(("opening", "sale"), [(timedelta(0), "on_sale"), (MICROSECOND, "not_yet")])
def test_a_sale_begins_at_its_instant(database: Database, opening: timedelta, sale: str) -> None:
    show = events.event(database)
    now = database.value("select private.now()")
    seat = events.ticket_type(database, show, sale_starts_at=now + opening)
    expect_sale(database, show, seat, sale)


@pytest.mark.parametrize(("starting", "sale"), [(timedelta(0), "ended"), (MICROSECOND, "on_sale")])
def test_an_event_that_has_begun_sells_no_more(database: Database, starting: timedelta, sale: str) -> None:
    show = events.event(database, starts_in=starting)
    expect_sale(database, show, events.ticket_type(database, show), sale)


def expect_sale(db: Database, show: events.Event, seat: uuid.UUID, sale: str) -> None:
    """The page and the order agree on whether a ticket type is on sale."""
    told = db.visitor().call("read_event", slug=show.slug)["ticket_types"][0]
    assert (told["sale"], told["on_sale"]) == (sale, sale == "on_sale")
    if sale == "on_sale":
        place_as_guest(db, show, seat)
    else:
        with db.refuses("sale_closed", 409) as refusal:
            place_as_guest(db, show, seat)
        assert refusal.detail["sale"] == sale
