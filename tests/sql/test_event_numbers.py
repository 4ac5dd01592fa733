"""An event in numbers: they equal the orders, and money is for those who may see it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import HOLD, guest, paid, place


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team, capacity=10)


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show)


def numbers(db: Database, person: Person, show: Event) -> Any:
    return db.person(person).call("read_dashboard", event_id=show.id)


def test_an_event_that_sold_nothing_has_its_zeros(database: Database, omar: Person, show: Event) -> None:
    found = numbers(database, omar, show)
    assert found["seats"] == {"capacity": 10, "sold": 0, "held": 0, "left": 10}
    assert (found["ticket_types"], found["latest_orders"]) == ([], [])
    assert found["money"] == {"orders": 0, "paid_cents": 0, "refunded_cents": 0}
    assert len(found["sales"]["points"]) == 14
    assert {point["seats"] for point in found["sales"]["points"]} == {0}


def test_numbers_equal_the_orders(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    small = events.ticket_type(database, show, 500, name="Bench", capacity=2)
    order = paid(database, place(database.visitor(), show, seat, 3, buyer=guest()))
    paid(database, place(database.visitor(), show, small, 2, buyer=guest()))
    place(database.person(ana), show, seat)
    database.person(omar).call("refund_order", reference=order["reference"], reason="Sorry", amount_cents=250)
    database.rows("update public.payments set status = 'succeeded' where kind = 'refund'")
    found = numbers(database, omar, show)
    assert found["seats"] == {"capacity": 10, "sold": 5, "held": 1, "left": 4}
    assert [
        (each["name"], each["capacity"], each["sold"], each["held"], each["left"])
        for each in found["ticket_types"]
    ] == [("Bench", 2, 2, 0, 0), ("Seat", None, 3, 1, 4)]
    assert found["money"] == {"orders": 2, "paid_cents": 4000, "refunded_cents": 250}
    today = found["sales"]["points"][-1]
    assert (today["seats"], today["paid_cents"]) == (5, 4000)
    assert len(found["latest_orders"]) == 3
    database.move_clock(HOLD)
    lapsed = numbers(database, omar, show)
    assert (lapsed["ticket_types"][1]["held"], lapsed["ticket_types"][1]["left"]) == (0, 5)


def test_a_seat_given_up_was_sold_all_the_same(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = paid(database, place(database.visitor(), show, seat, 2, buyer=guest()))
    database.rows(
        "update public.attendees set cancelled_at = now() where order_id = %s and position = 1", [order["id"]]
    )
    found = numbers(database, omar, show)
    assert (found["seats"]["sold"], found["ticket_types"][0]["sold"]) == (1, 1)
    assert found["sales"]["points"][-1]["seats"] == 2


def test_days_are_those_of_the_event(database: Database, omar: Person, team: uuid.UUID) -> None:
    show = events.event(
        database, organizer_id=team, timezone="Pacific/Auckland", starts_in=timedelta(days=60)
    )
    seat = events.ticket_type(database, show)
    paid(database, place(database.visitor(), show, seat, buyer=guest()))
    day = database.value("select (private.now() at time zone 'Pacific/Auckland')::date::text")
    points = numbers(database, omar, show)["sales"]["points"]
    assert [point["since"] for point in points if point["seats"]] == [day]


def test_a_long_sale_is_told_week_by_week(database: Database, omar: Person, team: uuid.UUID) -> None:
    show = events.event(database, organizer_id=team, starts_in=timedelta(days=300))
    seat = events.ticket_type(database, show)
    paid(database, place(database.visitor(), show, seat, buyer=guest()))
    database.move_clock(timedelta(days=120))
    paid(database, place(database.visitor(), show, seat, 2, buyer=guest()))
    sales = numbers(database, omar, show)["sales"]
    assert sales["unit"] == "week"
    seats = [point["seats"] for point in sales["points"]]
    assert (sum(seats), seats[0], seats[-1]) == (3, 1, 2)
    assert 17 <= len(seats) <= 19


def test_who_waits_is_counted(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    paid(database, place(database.visitor(), show, seat, 10, buyer=guest()))
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=3)
    assert numbers(database, omar, show)["line"] == {"people": 1, "seats": 3}


def test_money_and_orders_are_told_by_right(
    database: Database, team: uuid.UUID, finn: Person, dora: Person, zoe: Person, show: Event, seat: uuid.UUID
) -> None:
    paid(database, place(database.visitor(), show, seat, buyer=guest()))
    assert numbers(database, finn, show)["money"]["paid_cents"] == 1000
    at_the_door = numbers(database, dora, show)
    assert (at_the_door["money"], at_the_door["line"], at_the_door["latest_orders"]) == (None, None, None)
    assert {point["paid_cents"] for point in at_the_door["sales"]["points"]} == {None}
    assert at_the_door["seats"]["sold"] == 1
    with database.refuses("not_found", 404):
        numbers(database, zoe, show)
    key = events.insert_api_key(database, team, "events:read", "orders:read")
    program = database.visitor(x_api_key=key).call("read_dashboard", event_id=show.id)
    assert (program["money"], len(program["latest_orders"])) == (None, 1)


def test_an_event_is_not_found_under_another_organizer(database: Database, omar: Person, show: Event) -> None:
    other = events.organizer(database, owner=omar)
    slug = database.value("select slug from public.organizers where id = %s", [other])
    with database.refuses("not_found", 404):
        database.person(omar).call("read_dashboard", event_id=show.id, organizer=slug)
