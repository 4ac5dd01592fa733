"""Seats and money by hand of a team through the API."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from apiflask import APIFlask

from tests.application import calls_counted
from tests.database import Database
from tests.selling import Guest, Listing, list_event, some_email


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, seats=3, organizer_id=team)


def draft(listing: Listing, payment: str, quantity: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "lines": [{"ticket_type_id": listing.ticket_type, "quantity": quantity}],
        "buyer": {"name": "Gaston", "email": some_email()},
        "payment": payment,
        **changes,
    }


@pytest.mark.parametrize(("payment", "paid"), [("comp", 0), ("cash", 3000), ("bank", 3000)])
def test_somebody_is_seated_by_hand_in_one_call(
    omar: Guest, listing: Listing, payment: str, paid: int
) -> None:
    with calls_counted() as calls:
        answer = omar.post(f"/events/{listing.id}/orders", draft(listing, payment, 2))
    assert (answer.status_code, calls) == (201, {"database": 1}), answer.text
    assert (answer.json["order"]["status"], answer.json["order"]["paid_cents"]) == ("confirmed", paid)
    assert omar.get(f"/events/{listing.id}/availability").json["left"] == 1


def test_the_same_key_seats_once(omar: Guest, listing: Listing) -> None:
    body, key = draft(listing, "comp"), {"Idempotency-Key": str(uuid.uuid4())}
    first, again = (omar.post(f"/events/{listing.id}/orders", body, headers=key) for _ in range(2))
    assert first.json["order"]["reference"] == again.json["order"]["reference"]
    for other in ({"payment": "cash"}, {"note": "Seats by the stage"}):
        reused = omar.post(f"/events/{listing.id}/orders", {**body, **other}, headers=key)
        assert (reused.status_code, reused.json["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"payment": "stripe"}, "invalid_input"),
        ({"lines": []}, "lines_missing"),
        ({"buyer": {"name": "Gaston"}}, "buyer_email_invalid"),
        ({"note": "x" * 2001}, "invalid_input"),
    ],
)
def test_what_makes_no_sense_is_refused(
    omar: Guest, listing: Listing, changes: dict[str, Any], word: str
) -> None:
    answer = omar.post(f"/events/{listing.id}/orders", {**draft(listing, "comp"), **changes})
    assert (answer.status_code, answer.json["code"]) == (422, word)


def test_finance_records_a_transfer_and_hands_money_back(
    app: APIFlask, finn: Guest, listing: Listing
) -> None:
    gaston = Guest(app)
    at = f"/orders/{gaston.hold(listing)['reference']}"
    assert finn.post(f"{at}/payments", {"method": "bank"}).json["order"]["status"] == "confirmed"
    assert finn.post(f"{at}/payments", {"method": "bank"}).json["code"] == "already_paid"
    cancelled = gaston.cancel().json
    assert (cancelled["cancelled"], cancelled["refunded_cents"]) == (False, 1500)
    handed = finn.post(f"{at}/hand-back").json
    assert (handed["order"]["status"], handed["owed_cents"]) == ("cancelled", 0)
    assert finn.post(f"/events/{listing.id}/orders", draft(listing, "cash")).json["code"] == "not_permitted"


def test_a_team_refunds_by_hand_at_once(omar: Guest, listing: Listing) -> None:
    order = omar.post(f"/events/{listing.id}/orders", draft(listing, "cash")).json["order"]
    answer = omar.post(f"/orders/{order['reference']}/refunds", {"reason": "Sorry"})
    assert (answer.json["status"], answer.json["payment_status"]) == ("cancelled", "refunded")
