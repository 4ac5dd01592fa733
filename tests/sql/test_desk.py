"""Seats by hand of a team: free of charge, or sold at the desk. Every invariant holds for them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.attempts import buying
from tests.sql.by_hand import comp, pay, sell
from tests.sql.crowd import Crowd
from tests.sql.events import Event
from tests.sql.orders import guest, line, place

INVARIANTS = (Path(__file__).parent / "invariants.sql").read_text()


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team, capacity=3)


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show)


@pytest.fixture(autouse=True)
def _every_invariant_holds(database: Database, show: Event) -> Any:
    yield
    assert database.rows(INVARIANTS, {"events": [show.id]}) == []


def test_a_free_seat_costs_nothing_and_is_confirmed(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    file = comp(database, omar, show, seat, 2, note="The speaker’s friends", locale="fr")
    order = file["order"]
    assert (order["status"], order["status_reason"], order["total_cents"]) == ("confirmed", "comp", 0)
    assert (order["subtotal_cents"], order["discount_cents"], order["tax_cents"]) == (2000, 2000, 0)
    assert (order["lines"][0]["applied"], order["locale"], order["payments"]) == (["comp"], "fr", [])
    assert events.pool(database, show) == (0, 2)
    assert [entry["body"] for entry in file["history"] if entry["kind"] == "note"] == [
        "The speaker’s friends"
    ]
    back = database.person(omar).call("prepare_refund", reference=order["reference"])
    assert back["refund_cents"] == 0
    database.person(omar).call("refund_order", reference=order["reference"], reason="Not coming")
    assert events.pool(database, show) == (0, 0)


def test_a_seat_sold_at_the_desk_is_paid(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    with database.refuses("method_invalid", 422):
        sell(database, omar, show, seat, method="stripe")
    order = sell(database, omar, show, seat, 2, method="bank")["order"]
    assert (order["status"], order["paid_cents"], order["total_cents"]) == ("confirmed", 2000, 2000)
    free = events.ticket_type(database, show, 0)
    assert sell(database, omar, show, free)["order"]["status"] == "confirmed"


def test_a_team_is_bound_by_seats_and_not_by_sale_windows(
    database: Database, omar: Person, show: Event
) -> None:
    later = show.starts_at - timedelta(hours=1)
    seat = events.ticket_type(database, show, sale_starts_at=later, max_per_order=1, capacity=2)
    comp(database, omar, show, seat, 2)
    with database.refuses("sold_out", 409) as refusal:
        comp(database, omar, show, seat)
    assert refusal.detail == {"left": 0, "ticket_type_id": str(seat)}
    for number in (0, -1, 101):
        with database.refuses("quantity_out_of_range", 422):
            comp(database, omar, show, seat, number)


def test_the_desk_shows_what_is_left(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, team: uuid.UUID
) -> None:
    slug = database.value("select slug from public.organizers where id = %s", [team])
    desk = database.person(omar).call("read_desk", event_id=show.id, organizer=slug)
    assert [(each["id"], each["left"]) for each in desk["ticket_types"]] == [(str(seat), 3)]
    other = events.organizer(database, owner=omar)
    slug = database.value("select slug from public.organizers where id = %s", [other])
    with database.refuses("not_found", 404):
        database.person(omar).call("read_desk", event_id=show.id, organizer=slug)


def test_those_in_line_come_before_the_teams_friends(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    comp(database, omar, show, seat, 2)
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=2)
    comp(database, omar, show, seat, 1)
    with database.refuses("sold_out", 409):
        comp(database, omar, show, seat, 1)


@pytest.mark.parametrize("status", ["draft", "cancelled", "over"])
def test_seats_are_given_at_events_on_show(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, status: str
) -> None:
    if status == "over":
        database.move_clock(timedelta(days=8))
    else:
        events.edit(database, "events", show.id, status=status)
    with database.refuses("sale_closed", 409):
        comp(database, omar, show, seat)


def test_a_repeated_key_gives_one_order(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    buyer = guest("Gus")
    first = comp(database, omar, show, seat, buyer=buyer, idempotency_key="k-1")
    again = comp(database, omar, show, seat, buyer=buyer, idempotency_key="k-1")
    assert again["order"]["reference"] == first["order"]["reference"]
    assert events.pool(database, show) == (0, 1)
    with database.refuses("idempotency_key_reused", 422):
        sell(database, omar, show, seat, buyer=buyer, idempotency_key="k-1")


@pytest.mark.parametrize("change", [{"method": "bank"}, {"note": "By the stage"}])
def test_a_key_is_not_reused_for_other_money_or_another_note(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, change: dict[str, str]
) -> None:
    asked: dict[str, Any] = {"buyer": guest("Gus"), "idempotency_key": "k-1"}
    sell(database, omar, show, seat, **asked)
    with database.refuses("idempotency_key_reused", 422):
        sell(database, omar, show, seat, **asked | change)


def test_only_who_may_gives_seats_and_takes_money(
    database: Database, omar: Person, dora: Person, finn: Person, zoe: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, buyer=guest())
    for person in (dora, finn):
        with database.refuses("not_permitted", 403):
            comp(database, person, show, seat)
        with database.refuses("not_permitted", 403):
            sell(database, person, show, seat)
    with database.refuses("not_found", 404):
        comp(database, zoe, show, seat)
    for person in (dora, zoe):
        with database.refuses("not_found", 404):
            pay(database, person, order)
    program = database.visitor(
        x_api_key=events.insert_api_key(
            database, show.organizer_id, "events:read", "orders:read", "orders:write"
        )
    )
    with program.refuses("not_permitted", 403):
        program.call("record_manual_payment", reference=order["reference"], method="cash")
    with program.refuses("not_permitted", 403):
        program.call("create_paid_order", event_id=show.id, lines=[line(seat)], buyer=guest(), method="cash")


def test_foreign_seats_and_nobodys_are_refused(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    foreign = events.ticket_type(database, events.event(database))
    with database.refuses("unknown_ticket_type", 422):
        comp(database, omar, show, foreign)
    with database.refuses("buyer_email_invalid", 422):
        comp(database, omar, show, seat, buyer={"name": "Gus"})
    held = place(database.visitor(), show, seat, buyer=guest())
    with database.refuses("address_has_order", 409):
        comp(database, omar, show, seat, buyer=held["buyer"])
    with database.refuses("lines_missing", 422):
        database.person(omar).call("create_comp_order", event_id=show.id, lines=[], buyer=guest())


def test_the_last_seat_is_given_once(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    show = crowd.event(organizer_id=events.organizer(crowd.owner, owner=omar), capacity=1)
    seat = events.ticket_type(crowd.owner, show)
    answers = crowd.rush(
        [lambda db: comp(db, omar, show, seat), lambda db: sell(db, omar, show, seat)] * 3
        + [buying(show, seat) for _ in range(3)]
    )
    assert len([answer for answer in answers if answer != "sold_out"]) == 1


def test_a_desk_seats_only_so_many_people_a_day(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    database.rows("update private.limits set amount = 2 where name = 'orders_by_desk'")
    comp(database, omar, show, seat)
    comp(database, omar, show, seat)
    with database.refuses("too_many_orders", 429):
        comp(database, omar, show, seat)


def test_the_desk_gives_hidden_seats_too(
    database: Database, omar: Person, show: Event, team: uuid.UUID
) -> None:
    hidden = events.ticket_type(database, show, access_code="FRIENDS")
    slug = database.value("select slug from public.organizers where id = %s", [team])
    desk = database.person(omar).call("read_desk", event_id=show.id, organizer=slug)
    assert [each["id"] for each in desk["ticket_types"]] == [str(hidden)]
    price = database.person(omar).call("quote_desk", event_id=show.id, lines=[line(hidden, 2)])
    assert price["total_cents"] == 2000
    assert comp(database, omar, show, hidden)["order"]["status"] == "confirmed"


def test_no_order_is_worth_more_than_a_charge_can_carry(
    database: Database, omar: Person, team: uuid.UUID
) -> None:
    hall = events.event(database, organizer_id=team, capacity=100)
    dear = events.ticket_type(database, hall, 10_000_000)
    with database.person(omar).refuses("total_too_large", 422):
        sell(database, omar, hall, dear, 100)
