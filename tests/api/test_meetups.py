"""Holding a meetup over the API: a draft and one's own seat; paying publishes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apiflask import APIFlask

from local.stack import Stack
from services import jobs
from tests.database import Database
from tests.jobs import run
from tests.sandbox import Sandbox
from tests.selling import Guest, signed_in
from tests.sql.events import venue

BRUSSELS = ZoneInfo("Europe/Brussels")


def at(hour: int, minute: int = 0, days: int = 3) -> str:
    """A start by the clocks of Brussels, some days from now."""
    start = (datetime.now(BRUSSELS) + timedelta(days=days)).replace(
        hour=hour, minute=minute, second=0, microsecond=0
    )
    return start.isoformat()


@pytest.fixture
def ana(app: APIFlask, stack: Stack, database: Database) -> Guest:
    return signed_in(app, stack, database.sign_up("Ana"))


@pytest.fixture
def meetup(database: Database) -> dict[str, Any]:
    return {
        "title": "An hour of Dutch",
        "language": "nl",
        "venue_id": str(venue(database)),
        "starts_at": at(19),
        "description": "Come as you are.",
    }


def test_a_meetup_is_a_draft_until_its_organizers_seat_is_paid(
    app: APIFlask, ana: Guest, meetup: dict[str, Any], sandbox: Sandbox
) -> None:
    answer = ana.post("/meetups", meetup)
    assert answer.status_code == 201
    event, order = answer.json["event"], answer.json["order"]
    assert (event["status"], event["organizer"]["name"]) == ("draft", "Ana")
    assert (order["status"], order["total_cents"]) == ("pending", 700)
    assert answer.json["_links"]["order"]["href"] == f"/api/v1/orders/{order['reference']}"
    assert Guest(app).get(f"/events/{event['slug']}").status_code == 404
    ana.order = order
    ana.checkout()
    assert ana.get(f"/events/{event['slug']}").json["status"] == "awaiting_payment"
    ana.pay(sandbox)
    shown = Guest(app).get(f"/events/{event['slug']}")
    assert (shown.status_code, shown.json["status"]) == (200, "published")


def test_an_unpaid_one_is_a_draft_again_and_can_be_tried_again(
    app: APIFlask, ana: Guest, meetup: dict[str, Any], database: Database, sandbox: Sandbox
) -> None:
    answer = ana.post("/meetups", meetup).json
    ana.order = answer["order"]
    ana.checkout()
    database.move_clock(timedelta(minutes=15))
    run(app, jobs.expire_holds)
    draft = ana.get(f"/events/{answer['event']['slug']}").json
    assert draft["status"] == "draft"
    path = f"/meetups/{draft['id']}/order"
    assert draft["_links"]["retry"] == {"href": f"/api/v1{path}", "method": "POST"}
    again = ana.post(path)
    assert (again.status_code, again.json["status"]) == (201, "pending")
    ana.order = again.json
    ana.pay(sandbox)
    assert ana.get(f"/events/{answer['event']['slug']}").json["status"] == "published"
    third = ana.post(f"/meetups/{answer['event']['id']}/order")
    assert (third.status_code, third.json["code"]) == (409, "illegal_transition")


def test_a_repeated_key_holds_one_meetup(ana: Guest, meetup: dict[str, Any], database: Database) -> None:
    key = {"Idempotency-Key": "the answer got lost"}
    first, second = (ana.post("/meetups", meetup, headers=key) for _ in range(2))
    assert (first.status_code, first.json) == (201, second.json)
    reused = ana.post("/meetups", {**meetup, "title": "Another"}, headers=key)
    assert (reused.status_code, reused.json["code"]) == (422, "idempotency_key_reused")
    database.move_clock(timedelta(minutes=15))
    path, again = f"/meetups/{first.json['event']['id']}/order", {"Idempotency-Key": "once more"}
    tries = [ana.post(path, headers=again).json["reference"] for _ in range(2)]
    assert tries[0] == tries[1] != first.json["order"]["reference"]


@pytest.mark.parametrize(
    ("changes", "status", "word"),
    [
        ({"title": " "}, 422, "title_invalid"),
        ({"title": "x" * 141}, 422, "title_invalid"),
        ({"language": "qq"}, 422, "language_unknown"),
        ({"description": "x" * 20_001}, 422, "description_too_long"),
        ({"venue_id": "00000000-0000-4000-8000-000000000000"}, 422, "venue_unknown"),
        ({"starts_at": at(11, 59)}, 422, "start_outside_hours"),
        ({"starts_at": at(21, 1)}, 422, "start_outside_hours"),
        ({"starts_at": at(19, days=0)}, 422, "start_too_soon"),
        ({"starts_at": at(19, days=9)}, 422, "start_too_late"),
        ({"starts_at": "2026-12-01T19:00:00"}, 422, "invalid_input"),
    ],
)
def test_what_is_wrong_is_named(
    ana: Guest, meetup: dict[str, Any], changes: dict[str, Any], status: int, word: str
) -> None:
    answer = ana.post("/meetups", {**meetup, **changes})
    assert (answer.status_code, answer.json["code"]) == (status, word)


def test_the_hours_and_days_are_told(ana: Guest, meetup: dict[str, Any]) -> None:
    said = [
        ana.post("/meetups", {**meetup, "starts_at": start}).json["detail"]
        for start in (at(11), at(19, days=0), at(19, days=9))
    ]
    assert said == [
        "Please choose a start between 12:00 and 21:00, local time.",
        "Please choose a start that is at least 24 hours away.",
        "Please choose a start within the next 7 days.",
    ]


@pytest.mark.parametrize(("hour", "minute"), [(12, 0), (21, 0)])
def test_noon_and_nine_are_fine(ana: Guest, meetup: dict[str, Any], hour: int, minute: int) -> None:
    assert ana.post("/meetups", {**meetup, "starts_at": at(hour, minute)}).status_code == 201


@pytest.mark.parametrize(("room", "status"), [(3, 201), (2, 409)])
def test_the_venue_must_have_three_places(
    ana: Guest, meetup: dict[str, Any], database: Database, room: int, status: int
) -> None:
    answer = ana.post("/meetups", {**meetup, "venue_id": str(venue(database, capacity=room))})
    assert answer.status_code == status
    if status == 409:
        assert answer.json["code"] == "venue_full"


def test_a_meetup_wants_an_account_and_is_its_holders_own(
    app: APIFlask, stack: Stack, ana: Guest, meetup: dict[str, Any], database: Database
) -> None:
    assert Guest(app).post("/meetups", meetup).status_code == 401
    made = ana.post("/meetups", meetup).json
    zoe = signed_in(app, stack, database.sign_up("Zoe"))
    assert zoe.post(f"/meetups/{made['event']['id']}/order").status_code == 404
    assert zoe.get(f"/orders/{made['order']['reference']}").status_code == 404
