"""Orders through the API: placed, repeated, read, listed, given back."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient
from tests.database import Database
from tests.selling import Guest, Listing, draft, list_event, signed_in, some_email


@pytest.fixture
def ana(app: APIFlask, stack: Stack, database: Database) -> Guest:
    """Has an account."""
    return signed_in(app, stack, database.sign_up("Ana"))


def test_an_order_holds_its_seats_for_fifteen_minutes(gaston: Guest, database: Database) -> None:
    listing = list_event(database, {"vat_rate": 21})
    answer = gaston.post("/orders", draft(listing, 2))
    assert answer.status_code == 201
    order = answer.json
    assert re.fullmatch(r"GC\d{4}-[0-9A-HJKMNP-TV-Z]{6}", order["reference"])
    assert answer.headers["Location"].endswith(f"/api/v1/orders/{order['reference']}")
    assert (order["status"], order["payment_status"]) == ("pending", "unpaid")
    assert 890 <= order["hold_left_seconds"] <= 900
    assert (order["currency"], order["subtotal_cents"], order["total_cents"], order["tax_cents"]) == (
        "EUR", 3000, 3000, 521,
    )  # fmt: skip
    assert [(line["quantity"], line["total_cents"]) for line in order["lines"]] == [(2, 3000)]
    assert [person["name"] for person in order["attendees"]] == ["Gaston", None]
    assert (order["guest"], order["can"]) == (True, ["pay", "cancel", "name"])
    assert order["_links"].keys() == {"self", "page", "event", "checkout", "cancellation", "attendees"}
    assert order["_links"]["checkout"] == {
        "href": f"/api/v1/orders/{order['reference']}/checkout", "method": "POST",
    }  # fmt: skip


def test_everyone_in_a_seat_can_be_named(gaston: Guest, database: Database) -> None:
    listing = list_event(database, {}, {"name": "Child", "price_cents": 500})
    people = [{"name": "Léa", "email": "LEA@example.org"}, {"name": "Max", "phone": "+32 470 00 00 00"}]
    lines = [
        {"ticket_type_id": listing.ticket_types[0], "quantity": 2, "attendees": people},
        {"ticket_type_id": listing.ticket_types[1], "quantity": 1},
    ]
    order = gaston.hold(listing, lines=lines)
    assert [(seat["name"], seat["email"], seat["phone"]) for seat in order["attendees"]] == [
        ("Léa", "lea@example.org", None), ("Max", None, "+32 470 00 00 00"), (None, None, None),
    ]  # fmt: skip
    assert order["total_cents"] == 3500


def test_an_account_buys_in_its_own_name_and_address(ana: Guest, database: Database) -> None:
    order = ana.hold(list_event(database), buyer=None)
    assert (order["buyer"]["name"], order["guest"], order["secret"]) == ("Ana", False, None)
    other = ana.hold(list_event(database), buyer={"name": "Ana Ferreira", "email": "else@example.org"})
    assert (other["buyer"]["name"], other["buyer"]["email"]) == ("Ana Ferreira", order["buyer"]["email"])


def test_the_same_key_and_body_is_one_order(gaston: Guest, database: Database) -> None:
    listing = list_event(database)
    body, key = draft(listing), {"Idempotency-Key": str(uuid.uuid4())}
    first, second = (gaston.post("/orders", body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["reference"] == second.json["reference"]
    assert first.json["secret"] == second.json["secret"]
    assert seats_left(gaston, listing) == 19


def test_the_same_key_with_another_body_is_refused(gaston: Guest, ana: Guest, database: Database) -> None:
    listing, key = list_event(database), {"Idempotency-Key": str(uuid.uuid4())}
    assert gaston.post("/orders", draft(listing, 1), headers=key).status_code == 201
    reused = gaston.post("/orders", draft(listing, 2), headers=key)
    assert (reused.status_code, reused.json["code"]) == (422, "idempotency_key_reused")
    assert ana.post("/orders", draft(listing), headers=key).status_code == 201  # another account's key
    assert seats_left(gaston, listing) == 18


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "é", "a\tb", "\x7f"])
def test_a_key_has_one_to_255_plain_characters(gaston: Guest, database: Database, key: str) -> None:
    answer = gaston.post("/orders", draft(list_event(database)), headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")


def test_one_order_at_a_time_for_one_event(gaston: Guest, ana: Guest, database: Database) -> None:
    listing = list_event(database)
    order = ana.hold(listing)
    again = ana.post("/orders", draft(listing))
    assert (again.status_code, again.json["code"]) == (409, "order_pending")
    assert again.json["reference"] == order["reference"]
    assert instant(again.json["expires_at"]) == instant(order["expires_at"])

    mine = draft(listing)
    assert gaston.post("/orders", mine).status_code == 201
    refused = gaston.post("/orders", mine)
    assert refused.json["code"] == "order_pending"
    assert refused.json["reference"] is None  # an address proves nothing about who asks
    assert seats_left(gaston, listing) == 18


def test_two_people_and_one_seat(gaston: Guest, ana: Guest, database: Database) -> None:
    listing = list_event(database, seats=1)
    ana.hold(listing)
    answer = gaston.post("/orders", draft(listing))
    assert (answer.status_code, answer.json["code"], answer.json["left"]) == (409, "sold_out", 0)
    assert answer.json["detail"] == "Someone was faster: no seats are left."


def test_the_sentence_is_in_the_language_asked_for(gaston: Guest, database: Database) -> None:
    listing = list_event(database, seats=1)
    answer = gaston.post("/orders", draft(listing, 2), headers={"Accept-Language": "fr"})
    assert (answer.json["code"], answer.json["left"]) == ("sold_out", 1)
    assert answer.json["detail"].startswith("Quelqu’un a été plus rapide")


def test_seats_of_a_lapsed_hold_go_to_the_next(gaston: Guest, ana: Guest, database: Database) -> None:
    listing = list_event(database, seats=1)
    gaston.hold(listing)
    database.move_clock(timedelta(minutes=15))
    assert seats_left(gaston, listing) == 1
    assert gaston.read()["status"] == "expired"
    ana.hold(listing)
    assert database.service().call("check_pools") == []


def test_an_order_is_read_by_its_buyer_alone(
    app: APIFlask, stack: Stack, gaston: Guest, ana: Guest, database: Database, visitor: ApiClient
) -> None:
    listing = list_event(database)
    hers, his = ana.hold(listing), gaston.hold(listing)
    zoe = signed_in(app, stack, database.sign_up("Zoe"))
    assert ana.read()["id"] == hers["id"]
    assert gaston.read()["id"] == his["id"]
    for stranger, order in ((zoe, hers), (zoe, his), (visitor, hers), (visitor, his), (gaston, hers)):
        for method, action in (("get", ""), ("post", "/checkout"), ("post", "/cancellation")):
            answer = getattr(stranger, method)(f"/orders/{order['reference']}{action}")
            assert (answer.status_code, answer.json["code"]) == (404, "not_found"), (method, action)


@pytest.mark.parametrize("reference", ["GC2026-000000", "gc", "%00", "'--", "é" * 300])
def test_an_order_that_does_not_exist_is_not_found(ana: Guest, reference: str) -> None:
    assert ana.get(f"/orders/{reference}").status_code in {404, 422}


def test_a_reference_may_be_typed_in_small_letters(gaston: Guest, database: Database) -> None:
    order = gaston.hold(list_event(database))
    assert gaston.get(f"/orders/{order['reference'].lower()}").json["id"] == order["id"]


def test_seats_are_given_back_once(gaston: Guest, database: Database) -> None:
    listing = list_event(database)
    order = gaston.hold(listing, 3)
    given_back = gaston.post(f"/orders/{order['reference']}/cancellation")
    assert given_back.status_code == 200
    assert (given_back.json["cancelled"], given_back.json["refunded_cents"]) == (True, 0)
    kept = given_back.json["order"]
    assert (kept["status"], kept["status_reason"], kept["can"]) == ("cancelled", "given_back", [])
    assert kept["_links"].keys() == {"self", "page", "event"}
    assert seats_left(gaston, listing) == 20
    again = gaston.post(f"/orders/{order['reference']}/cancellation")
    assert (again.status_code, again.json["code"]) == (409, "already_cancelled")


def test_ones_orders_are_listed_by_what_is_due_next_by_cursor(
    ana: Guest, gaston: Guest, database: Database
) -> None:
    gaston.hold(list_event(database))
    references = [ana.hold(list_event(database))["reference"] for _ in range(3)]
    first = ana.get("/orders?limit=2").json
    second = ana.get(first["_links"]["next"]["href"].removeprefix("/api/v1")).json
    assert [order["reference"] for order in first["data"] + second["data"]] == references
    assert "next" not in second["_links"]
    assert first["data"][0]["_links"]["self"]["href"] == f"/api/v1/orders/{references[0]}"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_input"),
        ("limit=101", "invalid_input"),
        ("cursor=%2e%2e", "cursor_invalid"),
        ("page=2", "invalid_input"),
    ],
)
def test_a_list_of_orders_is_asked_for_sensibly(
    ana: Guest, database: Database, query: str, code: str
) -> None:
    ana.hold(list_event(database))
    answer = ana.get(f"/orders?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_only_people_have_a_list_of_orders(gaston: Guest) -> None:
    answer = gaston.get("/orders")
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_required")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_guest_who_signs_up_finds_the_orders_of_that_address(
    app: APIFlask, stack: Stack, gaston: Guest, database: Database
) -> None:
    email = some_email()
    order = gaston.hold(list_event(database), buyer={"name": "Gaston", "email": email.upper()})
    account = signed_in(app, stack, database.sign_up("Gaston", email=email))
    assert [found["reference"] for found in account.get("/orders").json["data"]] == [order["reference"]]
    assert account.get("/orders").json["data"][0]["guest"] is False


def test_an_address_that_is_not_confirmed_adopts_nothing(
    app: APIFlask, stack: Stack, gaston: Guest, database: Database
) -> None:
    email = some_email()
    gaston.hold(list_event(database), buyer={"name": "Gaston", "email": email})
    impostor = database.sign_up("Zoe", email=email, confirmed=False)
    assert signed_in(app, stack, impostor).get("/orders").json["data"] == []
    database.rows("update auth.users set email_confirmed_at = now() where id = %s", [impostor.id])
    assert len(signed_in(app, stack, impostor).get("/orders").json["data"]) == 1


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def seats_left(client: ApiClient, listing: Listing) -> Any:
    return client.get(f"/events/{listing.id}/availability").json["left"]
