"""Promotion codes, made and ended by a team, used by buyers."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import some_address
from tests.database import Database, Person
from tests.selling import Guest, Listing, list_event, signed_in
from tests.sql.events import organizer, venue


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team)


@pytest.fixture
def codes(workspace: str) -> str:
    return f"{workspace}/promotion-codes"


def price(app: APIFlask, listing: Listing, code: str) -> Any:
    asked = f"ticket_type={listing.ticket_type}&quantity=2&code={code}"
    return Guest(app).get(f"/events/{listing.id}/quote?{asked}")


def test_a_code_is_made_used_and_ended(app: APIFlask, omar: Guest, listing: Listing, codes: str) -> None:
    full = price(app, listing, "").json["total_cents"]
    made = omar.post(codes, {"code": "spring-26", "percent": 50, "max_uses": 10})
    assert (made.status_code, made.json["code"], made.json["uses"]) == (201, "SPRING-26", 0)
    assert price(app, listing, "Spring-26").json["total_cents"] == full / 2
    assert [code["code"] for code in omar.get(codes).json["data"]] == ["SPRING-26"]
    assert omar.delete(f"{codes}/spring-26").status_code == 204
    assert price(app, listing, "SPRING-26").json["code"] == "code_not_valid_now"
    (ended,) = omar.get(codes).json["data"]
    assert ("end" in made.json["_links"], "end" in ended["_links"]) == (True, False)
    assert omar.delete(f"{codes}/spring-26").json["code"] == "not_found"


def test_a_code_may_count_for_one_event_alone(
    app: APIFlask, omar: Guest, listing: Listing, codes: str, database: Database, team: uuid.UUID
) -> None:
    other = list_event(database, organizer_id=team)
    draft = {"code": "JUST-HERE", "amount_cents": 100, "currency": "eur", "event_id": listing.id}
    assert omar.post(codes, draft).status_code == 201
    assert price(app, listing, "JUST-HERE").json["discount_cents"] == 100
    assert price(app, other, "JUST-HERE").json["code"] == "code_unknown"


def test_codes_are_not_found_by_trying(
    app: APIFlask, stack: Stack, omar: Guest, listing: Listing, codes: str
) -> None:
    omar.post(codes, {"code": "SPRING-26", "percent": 50})
    gaston = Guest(app)
    asked = f"/events/{listing.id}/quote?ticket_type={listing.ticket_type}&quantity=1&code="
    tried = [gaston.get(f"{asked}WRONG{number}") for number in range(11)]
    assert [answer.json["code"] for answer in tried] == ["code_unknown"] * 10 + ["too_many_codes"]
    refused = gaston.get(f"{asked}SPRING-26")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    page = gaston.client.get(f"/events/{listing.slug}?code=SPRING-26")
    assert "That was a lot of wrong codes in a short time." in page.text
    assert Guest(app).get(f"{asked}SPRING-26").status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Prefer": "return=representation"}])
def test_whoever_asks_the_data_api_itself_is_limited_as_well(
    stack: Stack, listing: Listing, headers: dict[str, str]
) -> None:
    key = stack.settings.secrets.publishable_key
    lines = [{"ticket_type_id": str(listing.ticket_type), "quantity": 1}]
    headers = {"apikey": key, "Authorization": f"Bearer {key}", "X-Forwarded-For": some_address(), **headers}
    url = f"{stack.settings.supabase_url}/rest/v1/rpc/quote"
    tried = [
        httpx.post(
            url, json={"event_id": str(listing.id), "lines": lines, "code": f"W{number}"}, headers=headers
        )
        for number in range(12)
    ]
    assert [answer.status_code for answer in tried] == [422] * 10 + [429] * 2
    assert tried[0].json() == {"code": "PT422", "message": "code_unknown", "details": None, "hint": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "X!", "percent": 10},
        {"code": "", "percent": 10},
        {"code": "BOTH", "percent": 10, "amount_cents": 100, "currency": "EUR"},
        {"code": "NEITHER"},
        {"code": "TOO-MUCH", "percent": 101},
        {"code": "NEGATIVE", "percent": -5},
        {"code": "HUGE", "percent": 10**9},
        {"code": "NO-CURRENCY", "amount_cents": 100},
        {
            "code": "BACKWARDS",
            "percent": 5,
            "starts_at": "2030-01-02T00:00:00Z",
            "ends_at": "2030-01-01T00:00:00Z",
        },
    ],
)
def test_a_code_that_makes_no_sense_is_refused(omar: Guest, codes: str, wrong: dict[str, Any]) -> None:
    answer = omar.post(codes, wrong)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert all(error["field"] in {*wrong, "percent", "currency"} for error in answer.json["errors"])
    assert omar.get(codes).json["data"] == []


def test_a_code_has_its_name_alone(omar: Guest, codes: str) -> None:
    assert omar.post(codes, {"code": "ONCE", "percent": 10}).status_code == 201
    again = omar.post(codes, {"code": "once", "percent": 20})
    assert (again.status_code, again.json["code"]) == (409, "code_taken")


def test_only_who_may_makes_codes(
    app: APIFlask,
    stack: Stack,
    dora: Guest,
    people: dict[str, Person],
    codes: str,
    database: Database,
    listing: Listing,
) -> None:
    draft = {"code": "MINE", "percent": 10}
    zoe = signed_in(app, stack, database.sign_up("Zoe"))
    assert dora.post(codes, draft).json["code"] == "not_permitted"
    assert zoe.post(codes, draft).json["code"] == "not_found"
    assert zoe.get(codes).json["code"] == "not_found"
    assert dora.get(codes).json["code"] == "not_permitted"
    assert Guest(app).post(codes, draft).status_code == 401
    own = organizer(database, owner=people["door"])
    slug = database.value("select slug from public.organizers where id = %s", [own])
    foreign = dora.post(f"/organizers/{slug}/promotion-codes", {**draft, "event_id": listing.id})
    assert foreign.json["code"] == "not_permitted"


def test_a_venue_may_call_off_what_happens_there(
    app: APIFlask, stack: Stack, database: Database, team: uuid.UUID
) -> None:
    landlord = database.sign_up("Lena")
    house = venue(database, 50)
    database.rows(
        "update public.venues set organizer_id = %s where id = %s",
        [organizer(database, owner=landlord), house],
    )
    there = list_event(database, organizer_id=team, venue_id=house)
    elsewhere = list_event(database, organizer_id=team)
    lena = signed_in(app, stack, landlord)
    reason = {"reason": "The roof leaks."}
    assert lena.get(f"/events/{there.id}/cancellation").json["orders"] == 0
    assert lena.get(f"/events/{elsewhere.id}/cancellation").json["code"] == "not_found"
    assert lena.post(f"/events/{there.id}/cancellation", reason).json["status"] == "cancelled"
    assert lena.post(f"/events/{elsewhere.id}/cancellation", reason).json["code"] == "not_found"
