"""Edits in the Supabase dashboard, as `postgres`: what keeps the rules passes, the rest gets a hint."""

from __future__ import annotations

import uuid
from datetime import timedelta

import psycopg
import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, Order, paid, place, place_as_guest, state


@pytest.fixture
def show(database: Database) -> events.Event:
    return events.event(database, capacity=3)


@pytest.fixture
def seat(database: Database, show: events.Event) -> uuid.UUID:
    return events.ticket_type(database, show, capacity=3)


@pytest.fixture
def order(database: Database, show: events.Event, seat: uuid.UUID) -> Order:
    """Two seats, held."""
    return place_as_guest(database, show, seat, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "update public.pools set held = 0 where true",
        "update public.pools set sold = 2, held = 0 where true",
        "update public.pools set capacity = 100 where true",
        "delete from public.pools where true",
        "truncate public.pools",
        "insert into public.pools (event_id, capacity) select event_id, 5 from public.pools limit 1",
    ],
)
def test_counters_are_not_set_by_hand(database: Database, order: Order, statement: str) -> None:
    with database.refuses("counters_follow_orders", 409) as refusal:
        database.rows(statement)
    assert refusal.hint


@pytest.mark.parametrize(
    "statement",
    [
        "delete from public.orders where true",
        "update public.orders set total_cents = 1, subtotal_cents = 1 where true",
        "update public.orders set currency = 'USD' where true",
        "update public.orders set reference = 'GC2026-000000' where true",
        "update public.order_lines set quantity = 1 where true",
        "delete from public.order_lines where true",
        "delete from public.attendees where true",
        "update public.attendees set ticket_type_id = ticket_type_id where true",
        "truncate public.orders cascade",
        "truncate public.attendees",
        "truncate public.payments cascade",
        "delete from public.payments where true",
        "update public.payments set amount_cents = 1 where true",
        "update public.payments set kind = 'refund' where true",
    ],
)
def test_what_was_ordered_or_paid_stays(database: Database, order: Order, statement: str) -> None:
    paid(database, order)
    with database.refuses("order_is_fixed", 409) as refusal:
        database.rows(statement)
    assert refusal.hint


def test_names_in_the_seats_may_be_corrected(database: Database, order: Order) -> None:
    database.rows(
        "update public.attendees set name = 'Ana Lima', email = 'ana@example.org' where order_id = %s",
        [order["id"]],
    )


def test_an_order_cancelled_by_hand_gives_its_seats_back(
    database: Database, order: Order, show: events.Event
) -> None:
    events.edit(database, "orders", order["id"], status="cancelled")
    assert events.pool(database, show) == (0, 0)


def test_an_order_is_not_confirmed_without_its_money(database: Database, order: Order) -> None:
    with database.refuses("not_paid", 409) as refusal:
        events.edit(database, "orders", order["id"], status="confirmed")
    assert refusal.hint
    with database.refuses("money_follows_payments", 409):
        events.edit(database, "orders", order["id"], paid_cents=2000)


def test_a_paid_order_is_not_cancelled_before_its_refund(database: Database, order: Order) -> None:
    paid(database, order)
    with database.refuses("refund_first", 409) as refusal:
        events.edit(database, "orders", order["id"], status="cancelled")
    assert refusal.hint


@pytest.mark.parametrize("status", ["pending", "awaiting_approval", "declined"])
def test_what_is_over_stays_over(database: Database, order: Order, status: str) -> None:
    events.edit(database, "orders", order["id"], status="cancelled")
    with database.refuses("illegal_transition", 409) as refusal:
        events.edit(database, "orders", order["id"], status=status)
    assert refusal.detail == {"from": "cancelled", "to": status}


def test_several_orders_move_in_one_step(
    database: Database, order: Order, show: events.Event, seat: uuid.UUID
) -> None:
    place_as_guest(database, show, seat)
    assert events.pool(database, show) == (3, 0)
    database.rows("update public.orders set status = 'cancelled' where event_id = %s", [show.id])
    assert events.pool(database, show) == events.pool(database, show, seat) == (0, 0)


def test_a_seat_taken_by_another_is_not_revived(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    free = events.ticket_type(database, show, 0)
    order = place_as_guest(database, show, free, 2)
    database.move_clock(HOLD)
    place_as_guest(database, show, seat, 3)
    with database.refuses("sold_out", 409) as refusal:
        events.edit(database, "orders", order["id"], status="confirmed")
    assert refusal.hint


def test_one_attendee_less_frees_one_seat(
    database: Database, order: Order, show: events.Event, seat: uuid.UUID
) -> None:
    one = database.value("select id from public.attendees where order_id = %s limit 1", [order["id"]])
    events.edit(database, "attendees", one, cancelled_at=database.value("select now()"))
    assert events.pool(database, show) == events.pool(database, show, seat) == (1, 0)
    place_as_guest(database, show, seat, 2)
    with database.refuses("sold_out"):
        events.edit(database, "attendees", one, cancelled_at=None)


@pytest.mark.parametrize(("capacity", "passes"), [(2, True), (1, False)])
def test_capacity_follows_down_to_what_is_taken(
    database: Database, order: Order, show: events.Event, seat: uuid.UUID, capacity: int, passes: bool
) -> None:
    for table, row in (("events", show.id), ("ticket_types", seat)):
        if passes:
            events.edit(database, table, row, capacity=capacity)
        else:
            with database.refuses("capacity_below_sold", 409):
                events.edit(database, table, row, capacity=capacity)
    assert database.visitor().call("read_availability", event_id=show.id)["left"] == (0 if passes else 1)


def test_a_ticket_type_may_get_a_limit_while_it_sells(database: Database, show: events.Event) -> None:
    seat = events.ticket_type(database, show)
    paid(database, place_as_guest(database, show, seat))
    place_as_guest(database, show, seat)
    with database.refuses("capacity_below_sold"):
        events.edit(database, "ticket_types", seat, capacity=1)
    events.edit(database, "ticket_types", seat, capacity=2)
    assert events.pool(database, show, seat) == (1, 1)
    events.edit(database, "ticket_types", seat, capacity=None)
    place_as_guest(database, show, seat)


def test_a_ticket_type_stays_at_its_event(database: Database, seat: uuid.UUID) -> None:
    other = events.event(database)
    with database.refuses("illegal_transition", 409) as refusal:
        events.edit(database, "ticket_types", seat, event_id=other.id)
    assert refusal.hint


def test_an_event_with_buyers_is_not_taken_down(database: Database, order: Order, show: events.Event) -> None:
    with database.refuses("event_has_orders", 409) as refusal:
        events.edit(database, "events", show.id, status="draft")
    assert refusal.hint
    events.edit(database, "orders", order["id"], status="cancelled")
    events.edit(database, "events", show.id, status="draft")


def test_an_event_that_was_ordered_stays_with_its_team(
    database: Database, order: Order, show: events.Event
) -> None:
    other = events.organizer(database)
    with database.refuses("event_has_orders", 409) as refusal:
        events.edit(database, "events", show.id, organizer_id=other)
    assert refusal.hint
    events.edit(database, "events", events.event(database).id, organizer_id=other)


LEGAL = {
    ("draft", "awaiting_payment"),
    ("draft", "published"),
    ("draft", "cancelled"),
    ("awaiting_payment", "published"),
    ("awaiting_payment", "draft"),
    ("awaiting_payment", "cancelled"),
    ("published", "completed"),
    ("published", "draft"),
    ("published", "cancelled"),
}
STATUSES = ("draft", "awaiting_payment", "published", "completed", "cancelled")


@pytest.mark.parametrize("before", STATUSES)
def test_events_go_their_way_and_no_other(database: Database, before: str) -> None:
    for after in STATUSES:
        at = None if before != "cancelled" else database.value("select now()")
        show = events.event(database, status=before, cancelled_at=at)
        if before == after or (before, after) in LEGAL:
            events.edit(database, "events", show.id, status=after)
        else:
            with database.refuses("illegal_transition", 409) as refusal:
                events.edit(database, "events", show.id, status=after)
            assert refusal.detail == {"from": before, "to": after}


@pytest.mark.parametrize(
    "statement",
    [
        "update public.audit_entries set actor_kind = 'service' where true",
        "delete from public.audit_entries where true",
        "delete from public.audit_entries where false",
        "truncate public.audit_entries",
    ],
)
def test_the_trail_is_append_only(database: Database, order: Order, statement: str) -> None:
    with database.refuses("trail_is_append_only", 409):
        database.rows(statement)


def test_an_order_begins_as_pending(database: Database, show: events.Event) -> None:
    for status, more in (
        ("confirmed", {"confirmed_at": show.starts_at}),
        ("cancelled", {}),
        ("pending", {"paid_cents": 5}),
    ):
        with database.refuses("illegal_transition", 409):
            events.insert(
                database,
                "orders",
                reference="GC2026-00000A",
                event_id=show.id,
                organizer_id=show.organizer_id,
                buyer_name="X",
                buyer_email="x@example.org",
                locale="en",
                currency="EUR",
                subtotal_cents=5,
                discount_cents=0,
                tax_cents=0,
                total_cents=5,
                expires_at=show.starts_at,
                status=status,
                **more,
            )


def test_nobody_is_seated_at_another_event(database: Database, order: Order) -> None:
    elsewhere = events.event(database)
    line = order["lines"][0]
    with database.refuses("unknown_ticket_type", 422):
        events.insert(
            database,
            "attendees",
            order_id=order["id"],
            order_line_id=line["id"],
            event_id=elsewhere.id,
            ticket_type_id=line["ticket_type_id"],
            position=9,
        )


def test_an_event_without_orders_is_deleted_with_its_pools(database: Database) -> None:
    show = events.event(database)
    events.ticket_type(database, show, capacity=1)
    database.rows("delete from public.events where id = %s", [show.id])
    assert database.rows("select from public.pools where event_id = %s", [show.id]) == []


def test_an_event_with_orders_is_not_deleted(database: Database, order: Order, show: events.Event) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        database.rows("delete from public.events where id = %s", [show.id])


def test_a_deleted_account_leaves_its_orders(
    database: Database, ana: Person, show: events.Event, seat: uuid.UUID
) -> None:
    order = paid(database, place(database.person(ana), show, seat))
    database.rows("delete from auth.users where id = %s", [ana.id])
    assert state(database, order)[0] == "confirmed"
    assert events.pool(database, show) == (0, 1)


def test_a_longer_hold_may_be_given(database: Database, order: Order) -> None:
    later = database.value("select private.now() + interval '1 hour'")
    events.edit(database, "orders", order["id"], expires_at=later)
    database.move_clock(HOLD + timedelta(minutes=44))
    assert database.service().call("expire_holds") == {"expired": 0}


def test_a_rename_is_found_at_once(database: Database) -> None:
    team, hall = events.organizer(database, "Old team"), events.venue(database, name="Old hall", city="Gent")
    show = events.event(database, organizer_id=team, venue_id=hall)

    def found(q: str) -> bool:
        listed = database.visitor().call("list_events", q=q, page_size=100)["events"]
        return show.slug in [event["slug"] for event in listed]

    events.edit(database, "organizers", team, name="Nouvelle équipe")
    events.edit(database, "venues", hall, name="Marché couvert", city="Liège")
    assert found("equipe marche LIEGE")
    assert not found("old")
