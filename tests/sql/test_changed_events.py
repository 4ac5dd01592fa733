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
    lapsing = place_as_guest(database, show, seat)
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
    move(keeper, show)
    expected = sorted([("gus@example.org", True), (friend, False), (ana.email, False)])
    assert told(database) == expected
    assert lapsing["status"] == "pending"
    claimed = {each["recipient"]: each["data"] for each in database.service().call("claim_deliveries")}
    before = claimed["gus@example.org"]["before"]
    assert before["online"] is True
    assert claimed[friend]["site_path"] == f"/events/{show.slug}"
    assert claimed[friend]["event"]["starts_at"] != before["starts_at"]


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
