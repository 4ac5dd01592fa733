"""What is not an order: bodies of other shapes, impossible wishes, events that sell nothing."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from tests.application import ApiClient
from tests.database import Database
from tests.selling import Guest, draft, list_event

NOWHERE = str(uuid.uuid4())


def refused(client: ApiClient, body: Any, status: int = 422) -> dict[str, Any]:
    """The problem document that a body is refused with."""
    answer = client.post("/orders", body)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    problem: dict[str, Any] = answer.json
    assert problem["correlation_id"] == answer.headers["X-Request-Id"]
    assert problem["status"] == status
    assert problem["type"] == f"urn:guichet:problem:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.mark.parametrize("content", ["{", "", "nonsense", '{"event_id": }', "[1,", "\x00", "NaN {"])
def test_malformed_json_is_a_bad_request(visitor: ApiClient, content: str) -> None:
    answer = visitor.post("/orders", data=content, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("content", ["null", "[]", "7", '"order"', "true", "{}"])
def test_json_of_another_shape_is_refused(visitor: ApiClient, content: str) -> None:
    answer = visitor.post("/orders", data=content, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert answer.json["errors"]


def test_a_form_is_not_json(visitor: ApiClient) -> None:
    answer = visitor.post("/orders", data={"event_id": NOWHERE})
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 10 * 1024 * 1024])
def test_a_large_body_is_refused(visitor: ApiClient, size: int) -> None:
    content = json.dumps({"event_id": "x" * size})
    answer = visitor.post("/orders", data=content, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_deeply_nested_json_is_refused(visitor: ApiClient) -> None:
    answer = visitor.post("/orders", data="[" * 100_000, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_json")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"event_id": 7}, "event_id", "invalid"),
        ({"event_id": "bread"}, "event_id", "invalid"),
        ({"event_id": None}, "event_id", "invalid"),
        ({"lines": {}}, "lines", "invalid"),
        ({"lines": None}, "lines", "invalid"),
        ({"lines": ["seat"]}, "lines.0", "invalid"),
        ({"lines": [{"quantity": 1}]}, "lines.0.ticket_type_id", "required"),
        ({"lines": [{"ticket_type_id": NOWHERE}]}, "lines.0.quantity", "required"),
        ({"lines": [{"ticket_type_id": NOWHERE, "quantity": 1}] * 51}, "lines", "invalid"),
        ({"buyer": "Gaston"}, "buyer", "invalid"),
        ({"buyer": {"name": 7}}, "buyer.name", "invalid"),
        ({"buyer": {"name": "x" * 321}}, "buyer.name", "invalid"),
        ({"buyer": {"name": "Gaston", "vip": True}}, "buyer.vip", "unknown_field"),
        ({"price_cents": 1}, "price_cents", "unknown_field"),
        ({"idempotency_key": "k"}, "idempotency_key", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named(
    visitor: ApiClient, database: Database, changes: dict[str, Any], field: str, code: str
) -> None:
    problem = refused(visitor, draft(list_event(database)) | changes)
    assert problem["code"] == "invalid_input"
    assert (problem["errors"][0]["field"], problem["errors"][0]["code"]) == (field, code)


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (-1, "quantity_out_of_range"),
        (0, "quantity_out_of_range"),
        (11, "quantity_out_of_range"),
        (40_000, "quantity_out_of_range"),
        (999_999_999, "quantity_out_of_range"),
        (10**9, "lines_invalid"),
        (-(10**9), "lines_invalid"),
        (10**9 + 1, "invalid_input"),
        (10**30, "invalid_input"),
        (2.5, "invalid_input"),
        (2.0, "invalid_input"),
        ("2", "invalid_input"),
        (True, "invalid_input"),
        (None, "invalid_input"),
        ([2], "invalid_input"),
    ],
)
def test_only_a_sensible_number_of_seats_is_sold(
    visitor: ApiClient, database: Database, quantity: Any, code: str
) -> None:
    listing = list_event(database, seats=1000)
    assert refused(visitor, draft(listing, quantity))["code"] == code
    assert visitor.get(f"/events/{listing.id}/availability").json["left"] == 1000


def test_limits_of_a_ticket_type_are_told(visitor: ApiClient, database: Database) -> None:
    listing = list_event(database, {"min_per_order": 2, "max_per_order": 4})
    problem = refused(visitor, draft(listing, 5))
    assert (problem["code"], problem["min"], problem["max"]) == ("quantity_out_of_range", 2, 4)
    assert problem["ticket_type_id"] == listing.ticket_type
    assert problem["detail"] == "Please choose between 2 and 4 of these tickets."


def test_lines_name_each_ticket_type_of_the_event_once(visitor: ApiClient, database: Database) -> None:
    listing, other = list_event(database), list_event(database)
    mine = {"ticket_type_id": listing.ticket_type, "quantity": 1}
    foreign = {"ticket_type_id": other.ticket_type, "quantity": 1}
    unknown = {"ticket_type_id": NOWHERE, "quantity": 1}
    for lines, code in (
        ([], "lines_missing"),
        ([mine, mine], "ticket_type_repeated"),
        ([foreign], "unknown_ticket_type"),
        ([mine, foreign], "unknown_ticket_type"),
        ([unknown], "unknown_ticket_type"),
        ([mine] * 21, "lines_missing"),
    ):
        assert refused(visitor, draft(listing, lines=lines))["code"] == code


def test_there_are_no_more_attendees_than_seats(visitor: ApiClient, database: Database) -> None:
    listing = list_event(database)
    for attendees in (
        [{"name": "Léa"}, {"name": "Max"}],
        [{"email": "nobody"}],
        [{"phone": "call me"}],
        [{"name": "x" * 121}],
    ):
        line = {"ticket_type_id": listing.ticket_type, "quantity": 1, "attendees": attendees}
        assert refused(visitor, draft(listing, lines=[line]))["code"] == "attendees_invalid"


@pytest.mark.parametrize(
    ("buyer", "code"),
    [
        (None, "buyer_name_missing"),
        ({}, "buyer_name_missing"),
        ({"name": " ", "email": "g@example.org"}, "buyer_name_missing"),
        ({"name": "\u0007\n", "email": "g@example.org"}, "buyer_name_missing"),
        ({"name": "x" * 121, "email": "g@example.org"}, "buyer_name_missing"),
        ({"name": "Gaston"}, "buyer_email_invalid"),
        ({"name": "Gaston", "email": "gaston"}, "buyer_email_invalid"),
        ({"name": "Gaston", "email": "a b@example.org"}, "buyer_email_invalid"),
        ({"name": "Gaston", "email": "x" * 250 + "@example.org"}, "buyer_email_invalid"),
        ({"name": "Gaston", "email": "g@example.org", "phone": "call me"}, "buyer_phone_invalid"),
        ({"name": "Gaston", "email": "g@example.org"}, "buyer_phone_missing"),
    ],
)
def test_a_guest_says_who_buys(visitor: ApiClient, database: Database, buyer: Any, code: str) -> None:
    assert refused(visitor, draft(list_event(database, asks_phone=True), buyer=buyer))["code"] == code


def test_text_that_postgres_cannot_hold_is_refused(visitor: ApiClient, database: Database) -> None:
    buyer = {"name": "Gas\u0000ton", "email": "g@example.org"}
    assert refused(visitor, draft(list_event(database), buyer=buyer))["code"] == "invalid_input"


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ({"status": "draft"}, 404, "not_found"),
        ({"status": "awaiting_payment"}, 404, "not_found"),
        ({"status": "cancelled"}, 409, "sale_closed"),
        ({"starts_in": -timedelta(seconds=1)}, 409, "sale_closed"),
        ({"starts_in": -timedelta(days=30)}, 409, "sale_closed"),
    ],
)
def test_an_event_that_does_not_sell_takes_no_orders(
    visitor: ApiClient, database: Database, how: dict[str, Any], status: int, code: str
) -> None:
    assert refused(visitor, draft(list_event(database, **how)), status)["code"] == code


def test_an_event_that_was_withdrawn_does_not_exist(visitor: ApiClient, database: Database) -> None:
    listing = list_event(database)
    database.rows("update public.events set status = 'draft' where id = %s", [listing.id])
    assert refused(visitor, draft(listing), 404)["code"] == "not_found"


def test_tickets_are_sold_within_their_window(visitor: ApiClient, database: Database) -> None:
    now, day = datetime.now(UTC), timedelta(days=1)
    for window, sale in (({"sale_starts_at": now + day}, "not_yet"), ({"sale_ends_at": now - day}, "ended")):
        listing = list_event(database, window)
        problem = refused(visitor, draft(listing), 409)
        assert (problem["code"], problem["sale"]) == ("sale_closed", sale)
        assert problem["ticket_type_id"] == listing.ticket_type


def test_an_event_that_does_not_exist_takes_no_orders(visitor: ApiClient, database: Database) -> None:
    assert refused(visitor, draft(list_event(database)) | {"event_id": NOWHERE}, 404)["code"] == "not_found"


def test_a_refused_order_leaves_nothing_behind(app: APIFlask, database: Database) -> None:
    listing = list_event(database, seats=3)
    gaston, body = Guest(app), draft(listing, 4)
    assert refused(gaston, body, 409)["code"] == "sold_out"
    assert database.value("select count(*) from public.orders where event_id = %s", [listing.id]) == 0
    body["lines"][0]["quantity"] = 3
    assert gaston.post("/orders", body).status_code == 201
