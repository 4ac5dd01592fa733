"""Meetups and what their policy asks for: each edge on both sides, also when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, guest, line, paid, payment, settle, state

BRUSSELS = ZoneInfo("Europe/Brussels")
SECOND = timedelta(seconds=1)


def at(db: Database, instant: datetime) -> None:
    """Put the rules' clock there."""
    db.move_clock(instant - db.value("select now()"))


def noon(day: str, clock: str = "12:00") -> datetime:
    return datetime.combine(datetime.fromisoformat(day), time.fromisoformat(clock), BRUSSELS).astimezone(UTC)


def hold(db: Database, person: Person, hall: UUID, starts_at: datetime) -> dict[str, Any]:
    made: dict[str, Any] = db.person(person).call(
        "create_meetup", title="Tandem", language="fr", venue_id=hall, starts_at=starts_at
    )
    return made


def event_status(db: Database, made: dict[str, Any]) -> str:
    status: str = db.value("select status::text from public.events where id = %s", [made["event"]["id"]])
    return status


# The days on which the clocks of Brussels change in 2027: 28 March and 31 October.
@pytest.mark.parametrize("day", ["2027-02-10", "2027-03-28", "2027-10-31"])
@pytest.mark.parametrize(
    ("clock", "passes"), [("12:00", True), ("11:59", False), ("21:00", True), ("21:01", False)]
)
def test_a_meetup_starts_from_noon_to_nine_on_the_wall_of_its_venue(
    database: Database, ana: Person, day: str, clock: str, passes: bool
) -> None:
    hall = events.venue(database)
    starts_at = noon(day, clock)
    at(database, starts_at - timedelta(days=2))
    if passes:
        assert hold(database, ana, hall, starts_at)["event"]["status"] == "draft"
    else:
        with database.refuses("start_outside_hours", 422):
            hold(database, ana, hall, starts_at)


@pytest.mark.parametrize("day", ["2027-02-10", "2027-03-28", "2027-10-31"])
@pytest.mark.parametrize(
    ("lead", "word"),
    [
        (timedelta(hours=24), None),
        (timedelta(hours=24) - SECOND, "start_too_soon"),
        (timedelta(days=7), None),
        (timedelta(days=7) + SECOND, "start_too_late"),
    ],
)
def test_the_lead_is_a_day_to_a_week_to_the_second(
    database: Database, ana: Person, day: str, lead: timedelta, word: str | None
) -> None:
    hall, starts_at = events.venue(database), noon(day, "18:00")
    at(database, starts_at - lead)
    if word is None:
        hold(database, ana, hall, starts_at)
    else:
        with database.refuses(word, 422):
            hold(database, ana, hall, starts_at)


@pytest.mark.parametrize(("room", "passes"), [(3, True), (2, False)])
def test_a_venue_needs_three_free_seats(database: Database, ana: Person, room: int, passes: bool) -> None:
    hall, starts_at = events.venue(database, capacity=10), noon("2027-02-10", "18:00")
    at(database, starts_at - timedelta(days=2))
    other: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    events.event(database, capacity=10 - room, venue_id=hall, **other)
    if passes:
        hold(database, ana, hall, starts_at)
    else:
        with database.refuses("venue_full", 409) as refusal:
            hold(database, ana, hall, starts_at)
        assert refusal.detail == {"room": 2, "needed": 3}
        with database.refuses("venue_full", 409):
            events.event(database, policy="meetup", capacity=None, venue_id=hall, status="draft", **other)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"starts_at": noon("2027-02-10", "11:59")}, "start_outside_hours"),
        ({"starts_at": noon("2027-02-09", "12:00")}, "start_too_soon"),
        ({"starts_at": noon("2027-02-18", "12:00")}, "start_too_late"),
    ],
)
def test_an_edit_in_the_dashboard_obeys_the_policy(
    database: Database, ana: Person, change: dict[str, Any], word: str
) -> None:
    hall, starts_at = events.venue(database), noon("2027-02-10", "18:00")
    at(database, starts_at - timedelta(days=1, hours=5, minutes=30))
    made = hold(database, ana, hall, starts_at)
    with database.refuses(word, 422):
        events.edit(database, "events", made["event"]["id"], **change)
    seat = made["event"]["ticket_types"][0]["id"]
    with database.refuses("price_is_fixed", 422):
        events.edit(database, "ticket_types", seat, price_cents=800)
    events.edit(
        database, "events", made["event"]["id"], ends_at=starts_at + timedelta(hours=3), timezone="Asia/Tokyo"
    )
    assert database.value(
        "select ends_at - starts_at from public.events where id = %s", [made["event"]["id"]]
    ) == timedelta(hours=1)


def held_meetup(db: Database, person: Person) -> dict[str, Any]:
    starts_at = noon("2027-02-10", "18:00")
    at(db, starts_at - timedelta(days=2))
    return hold(db, person, events.venue(db), starts_at)


def test_paying_the_first_seat_publishes_a_meetup(database: Database, ana: Person, zoe: Person) -> None:
    made = held_meetup(database, ana)
    assert (made["order"]["status"], made["order"]["total_cents"]) == ("pending", 700)
    with database.refuses("not_found", 404):
        database.visitor().call("read_event", slug=made["event"]["slug"])
    database.person(ana).call("begin_checkout", reference=made["order"]["reference"])
    assert event_status(database, made) == "awaiting_payment"
    paid(database, made["order"])
    assert event_status(database, made) == "published"
    assert database.value("select name from public.organizers where personal_of = %s", [ana.id]) == "Ana"
    seat = made["event"]["ticket_types"][0]["id"]
    assert (
        database.person(zoe).call("place_order", event_id=made["event"]["id"], lines=[line(seat)])[
            "total_cents"
        ]
        == 700
    )


@pytest.mark.parametrize("swept", [True, False])
def test_an_unpaid_meetup_is_a_draft_that_can_be_tried_again(
    database: Database, ana: Person, swept: bool
) -> None:
    made = held_meetup(database, ana)
    database.person(ana).call("begin_checkout", reference=made["order"]["reference"])
    with database.refuses("illegal_transition", 409):
        database.person(ana).call("retry_meetup", event_id=made["event"]["id"])
    database.move_clock(database.value("select shift from private.clock") + HOLD)
    if swept:
        database.service().call("expire_holds")
        assert event_status(database, made) == "draft"
    again = database.person(ana).call("retry_meetup", event_id=made["event"]["id"])["order"]
    with database.refuses("order_pending", 409):
        database.person(ana).call("retry_meetup", event_id=made["event"]["id"])
    assert settle(database, payment(database, made["order"])) == "refund_requested"
    paid(database, again)
    assert event_status(database, made) == "published"


def test_a_meetup_paid_late_is_published_after_all(database: Database, ana: Person) -> None:
    made = held_meetup(database, ana)
    database.move_clock(database.value("select shift from private.clock") + HOLD)
    database.service().call("expire_holds")
    assert settle(database, payment(database, made["order"])) == "seated_again"
    assert (event_status(database, made), state(database, made["order"])[0]) == ("published", "confirmed")


def test_a_meetup_is_not_tried_again_within_a_day_of_its_start(
    database: Database, ana: Person, zoe: Person
) -> None:
    made = held_meetup(database, ana)
    database.move_clock(database.value("select shift from private.clock") + timedelta(days=1, seconds=1))
    with database.refuses("start_too_soon", 422):
        database.person(ana).call("retry_meetup", event_id=made["event"]["id"])
    with database.refuses("not_found", 404):
        database.person(zoe).call("retry_meetup", event_id=made["event"]["id"])


@pytest.mark.parametrize(("seats", "status"), [(3, "published"), (2, "cancelled")])
def test_three_must_come_one_hour_before(database: Database, ana: Person, seats: int, status: str) -> None:
    made = held_meetup(database, ana)
    paid(database, made["order"])
    seat = made["event"]["ticket_types"][0]["id"]
    others = database.visitor().call(
        "place_order", event_id=made["event"]["id"], lines=[line(seat, seats - 1)], buyer=guest()
    )
    paid(database, others)
    starts_at = noon("2027-02-10", "18:00")
    at(database, starts_at - timedelta(hours=1) - SECOND)
    database.service().call("tend_events")
    assert event_status(database, made) == "published"
    at(database, starts_at - timedelta(hours=1))
    database.service().call("tend_events")
    database.service().call("tend_events")
    assert event_status(database, made) == status


def test_a_postponed_meetup_is_judged_anew(database: Database, ana: Person) -> None:
    made = held_meetup(database, ana)
    paid(database, made["order"])
    events.edit(database, "events", made["event"]["id"], attendance_checked_at=database.value("select now()"))
    events.edit(database, "events", made["event"]["id"], starts_at=noon("2027-02-11", "18:00"))
    assert (
        database.value("select attendance_checked_at from public.events where id = %s", [made["event"]["id"]])
        is None
    )


def test_a_host_does_not_pay_the_first_seat_by_hand(database: Database, ana: Person) -> None:
    made = held_meetup(database, ana)
    with database.refuses("cannot_be_paid", 409):
        database.person(ana).call(
            "record_manual_payment", reference=made["order"]["reference"], method="cash"
        )
    assert event_status(database, made) == "draft"


def test_ones_own_meetups_are_not_left(database: Database, ana: Person) -> None:
    held_meetup(database, ana)
    slug = database.value("select slug from public.organizers where personal_of = %s", [ana.id])
    with database.refuses("last_owner", 409):
        database.person(ana).call("leave_organizer", organizer=slug)
    with database.refuses("last_owner", 409):
        database.person(ana).call("change_member_role", organizer=slug, user_id=ana.id, role="door")
