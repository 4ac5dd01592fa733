"""Another time or place: who is told, and how often."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.crowd import Crowd
from tests.sql.events import Event
from tests.sql.orders import guest, line, paid, place, place_as_guest

LATER = {"starts_at": "2027-06-12T20:00", "ends_at": "2027-06-12T22:00"}


@pytest.fixture
def show(database: Database, omar: Person) -> Event:
    return events.event(database, organizer_id=events.organizer(database, owner=omar))


@pytest.fixture
def keeper(database: Database, omar: Person) -> Database:
    return database.person(omar)


def told(database: Database, kind: str = "event_changed") -> list[tuple[str, bool]]:
    """To whom mails of a kind go, and whether each is about an order."""
    return database.rows(
        "select recipient, order_id is not null from public.deliveries where kind = %s order by recipient",
        [kind],
    )


def move(keeper: Database, show: Event, revision: int = 1, **changes: Any) -> Any:
    return keeper.call("update_event", event_id=show.id, revision=revision, changes=changes or LATER)


def test_whoever_has_a_seat_or_waits_hears_of_it_once(
    database: Database, keeper: Database, show: Event, ana: Person
) -> None:
    seat = events.ticket_type(database, show, capacity=3)
    buyer, friend = guest(email="gus@example.org"), "fay@example.org"
    order = place(database.visitor(), show, seat, 2, buyer=buyer)
    database.rows(
        "update public.attendees set email = %s where order_id = %s and position = 2", [friend, order["id"]]
    )
    paid(database, order)
    place(database.visitor(), show, seat, buyer=guest(email="hal@example.org"))  # still to be paid
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
    move(keeper, show)
    expected = [("gus@example.org", True), (friend, False), (ana.email, False), ("hal@example.org", True)]
    assert told(database) == sorted(expected)
    mails = database.service().call("claim_deliveries")
    claimed = {each["recipient"]: each["data"] for each in mails if each["kind"] == "event_changed"}
    before = claimed["gus@example.org"]["before"]
    assert before["online"] is True
    assert claimed[friend]["site_path"] == f"/events/{show.slug}"
    assert claimed[friend]["event"]["starts_at"] != before["starts_at"]


def test_whoever_let_a_hold_lapse_hears_nothing(database: Database, keeper: Database, show: Event) -> None:
    place_as_guest(database, show, events.ticket_type(database, show))
    database.move_clock(timedelta(minutes=15))
    move(keeper, show)
    assert told(database) == []


def test_each_change_is_told_and_nothing_else_is(database: Database, keeper: Database, show: Event) -> None:
    paid(database, place_as_guest(database, show, events.ticket_type(database, show)))
    move(keeper, show, title="Other words", capacity=9)
    assert told(database) == []
    move(keeper, show, 2)
    move(keeper, show, 3)
    assert len(told(database)) == 1
    hall = events.venue(database, 50)
    move(keeper, show, 3, venue_id=str(hall), **LATER)
    assert len(told(database)) == 2


def test_a_draft_tells_nobody(database: Database, keeper: Database, show: Event) -> None:
    events.edit(database, "events", show.id, status="draft")
    move(keeper, show)
    assert told(database) == []


def test_a_dashboard_edit_tells_them_too(database: Database, show: Event) -> None:
    paid(database, place_as_guest(database, show, events.ticket_type(database, show)))
    events.edit(database, "events", show.id, starts_at=show.starts_at + timedelta(minutes=30))
    assert len(told(database)) == 1


def test_another_address_of_the_venue_is_another_place(
    database: Database, keeper: Database, show: Event
) -> None:
    team = database.value("select organizer_id from public.events where id = %s", [show.id])
    hall = events.venue(database, 50, organizer_id=team)
    events.edit(database, "events", show.id, venue_id=hall)
    past = events.event(database, organizer_id=team, venue_id=hall)
    for each in (show, past):
        paid(database, place_as_guest(database, each, events.ticket_type(database, each)))
    events.edit(database, "events", past.id, status="completed")

    def correct(revision: int, **changes: Any) -> None:
        keeper.call("update_venue", venue=str(hall), revision=revision, changes=changes)

    before = database.value("select address from public.venues where id = %s", [hall])
    correct(1, capacity=60, latitude=50.85, longitude=4.35)
    assert told(database) == []
    correct(2, address="Quai des Charbonnages 41")
    assert len(told(database)) == 1
    claimed = database.service().call("claim_deliveries")
    (data,) = [each["data"] for each in claimed if each["kind"] == "event_changed"]
    assert data["order"]["event"]["slug"] == show.slug
    assert data["before"]["venue"]["address"] == before
    assert data["order"]["event"]["venue"]["address"] == "Quai des Charbonnages 41"


def test_of_ten_who_edit_at_once_one_does_and_nine_are_told(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    show = crowd.event(organizer_id=events.organizer(crowd.owner, owner=omar))

    def editor(number: int) -> Callable[[Database], Any]:
        return lambda caller: move(caller.person(omar), show, title=f"Title {number}")["revision"]

    answers = crowd.rush(map(editor, range(10)))
    assert sorted(answers, key=str) == [2] + ["edited_meanwhile"] * 9


def test_seats_bought_while_the_event_shrinks_never_exceed_it(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    show = crowd.event(organizer_id=events.organizer(crowd.owner, owner=omar), capacity=10)
    seat = events.ticket_type(crowd.owner, show)

    def shrink(caller: Database) -> Any:
        return move(caller.person(omar), show, capacity=4)["capacity"]

    def buy(caller: Database) -> Any:
        answer = caller.visitor().call(
            "place_order", event_id=show.id, lines=[line(seat)], buyer=guest(f"Gus{uuid.uuid4().hex[:4]}")
        )
        return answer["status"]

    answers = crowd.rush([shrink, *[buy] * 8])
    taken = sum(events.pool(crowd.owner, show))
    capacity = crowd.owner.value("select capacity from public.events where id = %s", [show.id])
    assert taken == answers.count("pending") <= capacity
    assert answers[0] in {4, "invalid_input"}


def test_a_venue_is_renamed_while_its_events_go_on_show(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    team = events.organizer(crowd.owner, owner=omar)
    hall = events.venue(crowd.owner, 500, organizer_id=team)
    drafts = [crowd.event(organizer_id=team, venue_id=hall, status="draft", capacity=9) for _ in range(6)]
    for each in drafts:
        events.ticket_type(crowd.owner, each)

    def publish(show: Event) -> Callable[[Database], Any]:
        return lambda db: db.person(omar).call("publish_event", event_id=show.id)["status"]

    def rename(caller: Database) -> Any:
        return caller.person(omar).call(
            "update_venue", venue=str(hall), revision=1, changes={"name": "Le Grand Phare"}
        )["name"]

    answers = crowd.rush([rename, *map(publish, drafts)])
    assert answers == ["Le Grand Phare", *["published"] * 6]
