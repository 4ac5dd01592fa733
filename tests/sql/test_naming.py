"""Buyers say who sits in their seats, and change it while the order stands."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import Order, guest, holding, paid, place, place_as_guest

AHEAD = timedelta(days=2)


@pytest.fixture
def show(database: Database, omar: Person) -> Event:
    return events.event(database, organizer_id=events.organizer(database, owner=omar), starts_in=AHEAD)


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show)


@pytest.fixture
def order(database: Database, show: Event, seat: uuid.UUID) -> Order:
    """Two seats, held by a guest."""
    return place(database.visitor(), show, seat, 2, buyer=guest("Gus"))


def name(db: Database, order: Order, *people: dict[str, Any]) -> Any:
    return holding(db, order).call("name_attendees", reference=order["reference"], attendees=people)


def at(order: Order, place: int, **person: Any) -> dict[str, Any]:
    return {"id": order["attendees"][place]["id"], **person}


def names(order: Order) -> list[tuple[str | None, str | None, str | None]]:
    return [(each["name"], each["email"], each["phone"]) for each in order["attendees"]]


def test_a_guest_names_the_others_and_what_is_left_out_stays(database: Database, order: Order) -> None:
    named = name(database, order, at(order, 1, name=" Bea\n", email="BEA@example.org"))
    assert names(named) == [("Gus", None, None), ("Bea", "bea@example.org", None)]
    named = name(database, order, at(order, 0, phone="+32 470"), at(order, 1, name=None))
    assert names(named) == [("Gus", None, "+32 470"), (None, "bea@example.org", None)]


def test_an_account_names_its_own_and_nobody_elses(
    database: Database, ana: Person, zoe: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.person(ana), show, seat)
    asked = {"reference": order["reference"], "attendees": [at(order, 0, name="Bea")]}
    assert names(database.person(ana).call("name_attendees", **asked)) == [("Bea", None, None)]
    for other in (database.person(zoe), database.visitor()):
        with database.refuses("not_found", 404):
            other.call("name_attendees", **asked)


def test_the_trail_says_which_fields_and_not_who(database: Database, omar: Person, order: Order) -> None:
    name(database, order, at(order, 0, name="Gus"), at(order, 1, name="Bea"))
    history = database.person(omar).call("read_team_order", reference=order["reference"])["history"]
    (change,) = (line for line in history if line.get("what") == "order.attendee_changed")
    assert (change["by"], change["detail"]) == (
        "guest",
        {"fields": ["name"], "attendee_id": order["attendees"][1]["id"]},
    )


def test_nobody_overwrites_what_they_have_not_seen(database: Database, omar: Person, order: Order) -> None:
    mine, theirs = order["attendees"]
    database.person(omar).call(
        "change_attendee", reference=order["reference"], attendee_id=theirs["id"], name="Bea"
    )
    with database.refuses("edited_meanwhile", 409):
        name(database, order, at(order, 0, name="Gustav", revision=mine["revision"]),
             at(order, 1, name="Bob", revision=theirs["revision"]))  # fmt: skip
    named = name(database, order, at(order, 0, name="Gustav", revision=mine["revision"]))
    assert [(each["name"], each["revision"]) for each in named["attendees"]] == [("Gustav", 2), ("Bea", 2)]


@pytest.mark.parametrize(
    ("person", "field"),
    [({"name": "x" * 121}, "name"), ({"email": "bea"}, "email"), ({"phone": "call me"}, "phone")],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(
    database: Database, order: Order, person: dict[str, str], field: str
) -> None:
    with database.refuses("attendees_invalid", 422) as refused:
        name(database, order, at(order, 0, name="Gustav"), at(order, 1, **person))
    assert (refused.detail["seat"], refused.detail["field"]) == (1, field)
    assert names(holding(database, order).call("read_order", reference=order["reference"]))[0][0] == "Gus"


def test_only_seats_of_the_order_are_named_each_once(
    database: Database, show: Event, seat: uuid.UUID, order: Order
) -> None:
    other = place_as_guest(database, show, seat)
    for people in ((at(other, 0),), ({"id": "x"},), ({"id": None},), (at(order, 0), at(order, 0))):
        with database.refuses("attendee_unknown", 422):
            name(database, order, *people)
    with database.refuses("attendees_invalid", 422):
        holding(database, order).call("name_attendees", reference=order["reference"], attendees={})


def test_a_cancelled_seat_is_nobodys_to_name(database: Database, order: Order) -> None:
    paid(database, order)
    name(database, order, at(order, 1, name="Bea"))
    database.rows(
        "update public.attendees set cancelled_at = now() where id = %s", [order["attendees"][1]["id"]]
    )
    with database.refuses("attendee_unknown", 422):
        name(database, order, at(order, 1, name="Bob"))


def test_names_are_open_until_the_event_begins(database: Database, order: Order) -> None:
    paid(database, order)
    database.move_clock(AHEAD - timedelta(minutes=1))
    assert "name" in name(database, order, at(order, 1, name="Bea"))["can"]
    database.move_clock(AHEAD + timedelta(seconds=1))
    assert_fixed(database, order)


def test_names_of_an_order_that_is_over_are_fixed(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, order: Order
) -> None:
    waiting = place_as_guest(database, show, events.ticket_type(database, show, requires_approval=True))
    assert "name" in name(database, waiting, at(waiting, 0, name="Bea"))["can"]
    database.person(omar).call("decline_order", reference=waiting["reference"])
    assert_fixed(database, waiting)
    kept = paid(database, place_as_guest(database, show, seat))
    database.move_clock(timedelta(minutes=15))
    assert_fixed(database, order)  # its hold has lapsed, though no sweep has passed
    events.edit(database, "events", show.id, status="cancelled")
    assert_fixed(database, kept)


def assert_fixed(db: Database, order: Order) -> None:
    assert "name" not in holding(db, order).call("read_order", reference=order["reference"])["can"]
    with db.refuses("names_fixed", 409):
        name(db, order, at(order, 0, name="Bea"))
