"""Events that do not take place: called off by their team, or because too few come."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.database import Database
from tests.jobs import settle_cancelled_events, tend_events
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, signed_in
from tests.sql.events import venue


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team)


def mails(database: Database, order: dict[str, Any]) -> list[str]:
    kinds = "select kind from public.deliveries where order_id = %s order by created_at, kind"
    return [kind for (kind,) in database.rows(kinds, [order["id"]])]


def test_sales_stop_at_once_and_everyone_is_refunded_and_told_once(
    app: APIFlask, omar: Guest, listing: Listing, database: Database, sandbox: Sandbox
) -> None:
    paid, held = Guest(app), Guest(app)
    paid.buy(listing, sandbox, 2)
    held.hold(listing)
    answer = omar.post(f"/events/{listing.id}/cancellation", {"reason": "The pipes froze."})
    assert (answer.status_code, answer.json["status"], answer.json["sale"]) == (200, "cancelled", "cancelled")
    assert not answer.json["_links"].keys() & {"order", "waitlist", "cancellation"}
    late = Guest(app).post("/orders", {"event_id": listing.id, "lines": [
        {"ticket_type_id": listing.ticket_type, "quantity": 1}],
        "buyer": {"name": "Late", "email": "late@example.org"}})  # fmt: skip
    assert (late.status_code, late.json["code"]) == (409, "sale_closed")
    for _ in range(2):
        settle_cancelled_events(app)
    assert (paid.read()["status"], paid.read()["payment_status"]) == ("cancelled", "refunded")
    assert paid.read()["cancellation"]["cause"] == "event"
    assert (held.read()["status"], held.read()["status_reason"]) == ("cancelled", "cancelled_by_event")
    assert [refund["amount"] for refund in sandbox.refunds_of(paid.order)] == [3000]
    assert mails(database, paid.order) == ["order_confirmed", "seats_cancelled"]
    assert mails(database, held.order) == ["event_cancelled"]


def test_a_payment_that_comes_after_the_event_was_called_off_goes_back(
    app: APIFlask, omar: Guest, listing: Listing, sandbox: Sandbox
) -> None:
    gaston = Guest(app)
    gaston.hold(listing)
    session = gaston.checkout()["session_id"]
    sandbox.pay(session)
    assert omar.post(f"/events/{listing.id}/cancellation", {"reason": "No room"}).status_code == 200
    settle_cancelled_events(app)
    for event in sandbox.events_of(session):
        assert sandbox.bring(app, event).status_code == 204
    settle_cancelled_events(app)
    order = gaston.read()
    assert (order["status"], order["payment_status"], order["refunded_cents"]) == (
        "cancelled",
        "refunded",
        1500,
    )


def test_only_the_team_may_and_with_a_reason(
    app: APIFlask, stack: Stack, omar: Guest, dora: Guest, listing: Listing, database: Database
) -> None:
    path = f"/events/{listing.id}/cancellation"
    assert Guest(app).post(path, {"reason": "x"}).status_code == 401
    assert signed_in(app, stack, database.sign_up("Zoe")).post(path, {"reason": "x"}).status_code == 404
    refused = dora.post(path, {"reason": "x"})
    assert (refused.status_code, refused.json["code"]) in {(403, "not_permitted"), (404, "not_found")}
    assert omar.post(path, {"reason": " "}).json["code"] == "reason_missing"
    assert omar.post(path, {}).status_code == 422
    assert omar.post(path, {"reason": "Rain"}).status_code == 200
    twice = omar.post(path, {"reason": "Rain"})
    assert (twice.status_code, twice.json["code"]) == (409, "illegal_transition")


@pytest.mark.parametrize(("seats", "status"), [(2, "cancelled"), (3, "confirmed")])
def test_an_hour_before_too_few_people_call_a_meetup_off(
    app: APIFlask, database: Database, sandbox: Sandbox, seats: int, status: str
) -> None:
    starts_in = database.value(
        """select (date_trunc('day', private.now() at time zone 'Europe/Brussels')
             + interval '2 days 18 hours') at time zone 'Europe/Brussels' - private.now()"""
    )
    listing = list_event(
        database,
        {"price_cents": 700},
        policy="meetup",
        starts_in=starts_in,
        venue_id=venue(database),
    )
    gaston = Guest(app)
    gaston.buy(listing, sandbox, seats)
    database.move_clock(starts_in - timedelta(hours=1) + timedelta(seconds=1))
    tend_events(app)
    order = gaston.read()
    assert order["status"] == status
    if status == "cancelled":
        assert order["cancellation"]["reason"] == "too_few_people"
        assert order["refunded_cents"] == seats * 700
