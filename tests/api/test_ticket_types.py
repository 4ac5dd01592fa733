"""Ticket types through the API: added, arranged, edited, priced and deleted."""

from __future__ import annotations

import uuid

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import calls_counted
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, signed_in


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team)


def test_a_type_is_added_arranged_edited_and_deleted_one_call_each(omar: Guest, listing: Listing) -> None:
    at = f"/events/{listing.id}/ticket-types"
    with calls_counted() as calls:
        made = omar.post(at, {"name": "Balcony", "price_cents": 900, "vat_rate": 6})
    assert (made.status_code, made.json["vat_rate"], calls) == (201, 6, {"database": 1})
    own = made.json["_links"]["self"]["href"].removeprefix("/api/v1")
    first = omar.put(at, {"ticket_types": [made.json["id"], listing.ticket_type]}).json["ticket_types"]
    assert [type["name"] for type in first] == ["Balcony", "Seat"]
    edited = omar.patch(
        own, {"revision": 1, "price_cents": 1100, "group_min_quantity": 3, "group_percent": 10}
    )
    assert (edited.json["price_cents"], edited.json["revision"]) == (1100, 2)
    assert omar.get(own).json["group_percent"] == 10
    assert omar.delete(own).status_code == 204
    assert omar.get(own).status_code == 404


def test_a_thought_is_priced_and_changes_nothing(omar: Guest, listing: Listing) -> None:
    at = f"/events/{listing.id}/ticket-types/quote"
    answer = omar.post(at, {"ticket_type": listing.ticket_type, "group_min_quantity": 3, "group_percent": 50})
    assert [each["total_cents"] for each in answer.json["now"]] == [1500, 2250, 3750]
    assert answer.json["later"] is None
    wrong = omar.post(at, {"price_cents": 3})
    assert [error["code"] for error in wrong.json["errors"]] == ["price_below_minimum"]


def test_every_fault_of_a_type_is_told_at_once(omar: Guest, listing: Listing) -> None:
    answer = omar.post(
        f"/events/{listing.id}/ticket-types", {"name": " ", "price_cents": -1, "vat_rate": 300, "capacity": 0}
    )
    faults = {error["field"]: error["code"] for error in answer.json["errors"]}
    assert answer.status_code == 422
    assert faults == {
        "name": "name_invalid",
        "price_cents": "price_invalid",
        "vat_rate": "vat_invalid",
        "capacity": "capacity_invalid",
    }


def test_a_running_checkout_keeps_its_price(
    omar: Guest, gaston: Guest, listing: Listing, sandbox: Sandbox
) -> None:
    gaston.hold(listing, 2)
    gaston.checkout()
    changed = omar.patch(f"/ticket-types/{listing.ticket_type}", {"revision": 1, "price_cents": 9000})
    assert changed.status_code == 200
    gaston.pay(sandbox)
    order = gaston.read()
    assert (order["total_cents"], order["payment_status"]) == (3000, "paid")
    gone = omar.delete(f"/ticket-types/{listing.ticket_type}")
    assert (gone.status_code, gone.json["code"]) == (409, "ticket_type_was_ordered")


def test_an_older_state_is_refused_with_what_changed(omar: Guest, listing: Listing) -> None:
    at = f"/ticket-types/{listing.ticket_type}"
    assert omar.patch(at, {"revision": 1, "name": "Chair"}).status_code == 200
    late = omar.patch(at, {"revision": 1, "name": "Stool"})
    assert (late.status_code, late.json["code"]) == (409, "edited_meanwhile")
    assert late.json["changes"] == {"name": {"before": "Seat", "now": "Chair"}}


def test_wrong_input_is_named_field_by_field(omar: Guest, listing: Listing) -> None:
    answer = omar.post(
        f"/events/{listing.id}/ticket-types",
        {"name": "", "price_cents": 10, "sale_starts_at": "someday", "max_per_order": 0},
    )
    assert {error["field"] for error in answer.json["errors"]} == {
        "name",
        "price_cents",
        "sale_starts_at",
        "max_per_order",
    }


def test_nobody_else_touches_them(
    app: APIFlask, stack: Stack, omar: Guest, dora: Guest, database: Database, listing: Listing
) -> None:
    foreign = list_event(database)
    draft = {"name": "Mine", "price_cents": 0}
    for who, of, word in (
        (omar, foreign, "not_found"),
        (dora, listing, "not_permitted"),
        (signed_in(app, stack, database.sign_up("Zoe")), listing, "not_found"),
    ):
        for answer in (
            who.post(f"/events/{of.id}/ticket-types", draft),
            who.put(f"/events/{of.id}/ticket-types", {"ticket_types": [of.ticket_type]}),
            who.post(f"/events/{of.id}/ticket-types/quote", draft),
            who.patch(f"/ticket-types/{of.ticket_type}", {"revision": 1, "price_cents": 0}),
            who.delete(f"/ticket-types/{of.ticket_type}"),
        ):
            assert answer.json["code"] == word
    assert Guest(app).post(f"/events/{listing.id}/ticket-types", draft).status_code == 401
