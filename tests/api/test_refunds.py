"""A team gives money back over the API: at any time, by right and with a reason."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, signed_in

AFTER_DEADLINE = timedelta(days=7) - timedelta(hours=2)  # from now, for an event in a week


@pytest.fixture
def ana(app: APIFlask, stack: Stack, database: Database) -> Guest:
    """Has an account."""
    return signed_in(app, stack, database.sign_up("Ana"))


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team)


@pytest.fixture
def path(ana: Guest, listing: Listing, sandbox: Sandbox) -> str:
    return f"/orders/{ana.buy(listing, sandbox, 2)['reference']}/refunds"


def test_money_alone(ana: Guest, finn: Guest, listing: Listing, path: str) -> None:
    answer = finn.post(path, {"reason": "The soup was cold", "amount_cents": 700})
    assert (answer.status_code, answer.json["refunded_cents"]) == (200, 700)
    assert answer.json["_links"]["refunds"] == {"href": f"/api/v1{path}", "method": "POST"}
    assert (answer.json["status"], answer.json["payment_status"]) == ("confirmed", "partially_refunded")
    too_much = finn.post(path, {"reason": "More", "amount_cents": 2301})
    assert (too_much.status_code, too_much.json["code"]) == (409, "refund_exceeds_payment")
    assert too_much.json["left_cents"] == 2300
    assert ana.get(f"/events/{listing.id}/availability").json["left"] == 18


def test_seats_after_the_buyers_deadline(ana: Guest, omar: Guest, path: str, database: Database) -> None:
    database.move_clock(AFTER_DEADLINE)
    seat = ana.order["attendees"][0]["id"]
    answer = omar.post(path, {"reason": "You called us", "attendees": [seat]})
    assert (answer.status_code, answer.json["refunded_cents"]) == (200, 1500)
    assert answer.json["cancellation"]["cause"] == "organizer"
    assert answer.json["cancellation"]["reason"] == "You called us"


def test_only_with_the_right_and_a_reason(
    app: APIFlask, stack: Stack, ana: Guest, finn: Guest, dora: Guest, path: str, database: Database
) -> None:
    assert finn.post(path, {"reason": "  "}).json["code"] == "reason_missing"
    assert finn.post(path, {}).status_code == 422
    assert finn.post(path, {"reason": "x", "amount_cents": 0}).status_code == 422
    assert dora.post(path, {"reason": "x"}).status_code in {403, 404}
    stranger = signed_in(app, stack, database.sign_up("Zoe")).post(path, {"reason": "x"})
    assert (stranger.status_code, stranger.json["code"]) == (404, "not_found")
    assert ana.post(path, {"reason": "Mine"}).status_code == 404
    assert Guest(app).post(path, {"reason": "x"}).status_code == 401


def test_only_what_was_confirmed(app: APIFlask, omar: Guest, listing: Listing) -> None:
    gaston = Guest(app)
    order = gaston.hold(listing)
    answer = omar.post(f"/orders/{order['reference']}/refunds", {"reason": "x"})
    assert (answer.status_code, answer.json["code"]) == (409, "cannot_cancel")
