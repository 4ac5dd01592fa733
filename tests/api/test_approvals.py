"""Seats that want their organizer's yes first."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, signed_in

TIME_TO_PAY = timedelta(hours=24)


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, {"requires_approval": True}, seats=1, organizer_id=team)


def mails(database: Database, order: dict[str, Any]) -> list[str]:
    kinds = "select kind from public.deliveries where order_id = %s order by created_at, kind"
    return [kind for (kind,) in database.rows(kinds, [order["id"]])]


def test_a_request_holds_nothing_and_cannot_be_paid(app: APIFlask, listing: Listing) -> None:
    gaston = Guest(app)
    order = gaston.hold(listing)
    assert (order["status"], order["can"]) == ("awaiting_approval", ["cancel", "name"])
    assert (order["hold_left_seconds"], order["expires_at"]) == (0, order["event"]["starts_at"])
    assert order["_links"].keys() == {"self", "page", "event", "cancellation", "attendees"}
    assert gaston.get(f"/events/{listing.id}/availability").json["left"] == 1
    refused = gaston.try_checkout()
    assert (refused.status_code, refused.json["code"]) == (409, "awaiting_approval")
    assert gaston.cancel().json["order"]["status"] == "cancelled"


def test_a_yes_holds_the_seat_and_the_time_to_pay_begins(
    app: APIFlask, omar: Guest, listing: Listing, database: Database, sandbox: Sandbox
) -> None:
    gaston = Guest(app)
    order = gaston.hold(listing)
    answer = omar.post(f"/orders/{order['reference']}/approval")
    assert (answer.status_code, answer.json["status"]) == (200, "pending")
    assert answer.json["_links"].keys() == {"event"}  # it is not the team's to pay
    now = gaston.read()
    assert TIME_TO_PAY.total_seconds() - 60 < now["hold_left_seconds"] <= TIME_TO_PAY.total_seconds()
    assert now["can"] == ["pay", "cancel", "name"]
    assert gaston.get(f"/events/{listing.id}/availability").json["left"] == 0
    assert mails(database, order) == ["order_requested", "order_approved"]
    gaston.pay(sandbox)
    again = omar.post(f"/orders/{order['reference']}/approval")
    assert (again.status_code, again.json["code"]) == (409, "not_awaiting_approval")


def test_a_no_ends_it_with_a_word(app: APIFlask, omar: Guest, listing: Listing, database: Database) -> None:
    gaston = Guest(app)
    order = gaston.hold(listing)
    answer = omar.post(f"/orders/{order['reference']}/rejection", {"reason": "We keep this round small."})
    assert (answer.status_code, answer.json["status"], answer.json["can"]) == (200, "declined", [])
    assert mails(database, order) == ["order_requested", "order_declined"]
    facts = "select facts from public.deliveries where order_id = %s and kind = 'order_declined'"
    assert database.value(facts, [order["id"]])["reason"] == "We keep this round small."
    again = omar.post(f"/orders/{order['reference']}/rejection", {})
    assert (again.status_code, again.json["code"]) == (409, "not_awaiting_approval")


def test_a_yes_wants_a_seat(app: APIFlask, omar: Guest, listing: Listing) -> None:
    first, second = Guest(app), Guest(app)
    orders = [first.hold(listing), second.hold(listing)]
    assert omar.post(f"/orders/{orders[0]['reference']}/approval").status_code == 200
    answer = omar.post(f"/orders/{orders[1]['reference']}/approval")
    assert (answer.status_code, answer.json["code"]) == (409, "sold_out")
    assert second.read()["status"] == "awaiting_approval"


def test_only_the_team_answers(
    app: APIFlask, stack: Stack, finn: Guest, listing: Listing, database: Database
) -> None:
    gaston = Guest(app)
    order = gaston.hold(listing)
    path = f"/orders/{order['reference']}/approval"
    assert gaston.post(path).status_code == 401
    assert signed_in(app, stack, database.sign_up("Zoe")).post(path).status_code == 404
    finance = finn.post(path)
    assert finance.status_code in {200, 403}  # as the table of permissions says
    if finance.status_code == 403:
        assert finance.json["code"] == "not_permitted"
