"""Venues through the API: kept by a team and its programs, watched by a partner."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database
from tests.selling import Guest, list_event, signed_in
from tests.sql.events import insert_api_key


@pytest.fixture
def draft(slug: str) -> dict[str, Any]:
    return {
        "organizer": slug,
        "name": "Le Phare",
        "address": "Quai 40",
        "city": "Brussels",
        "country": "BE",
        "timezone": "Europe/Brussels",
        "capacity": 40,
        "latitude": 50.857,
        "longitude": 4.345,
        "hours": [{"weekday": 5, "opens": "18:00", "closes": "02:00"}],
    }


def test_a_venue_is_made_and_changed_in_one_call_each(
    app: APIFlask, omar: Guest, draft: dict[str, Any]
) -> None:
    with calls_counted() as calls:
        made = omar.post("/venues", draft)
    assert (made.status_code, made.json["capacity"], calls) == (201, 40, {"database": 1})
    at = f"/venues/{made.json['slug']}"
    assert made.headers["Location"].endswith(at)
    assert Guest(app).get(at).json["hours"] == draft["hours"]
    with calls_counted() as calls:
        changed = omar.patch(at, {"revision": 1, "capacity": 30, "latitude": None, "longitude": None})
    assert (changed.status_code, calls) == (200, {"database": 1})
    assert (changed.json["capacity"], changed.json["latitude"], changed.json["name"]) == (
        30,
        None,
        "Le Phare",
    )
    late = omar.patch(at, {"revision": 1, "capacity": 31})
    assert (late.status_code, late.json["code"], late.json["revision"]) == (409, "edited_meanwhile", 2)


def test_a_team_and_its_programs_read_what_they_edit(
    app: APIFlask, omar: Guest, draft: dict[str, Any], team: uuid.UUID, database: Database
) -> None:
    made = omar.post("/venues", draft).json
    listed = f"/organizers/{draft['organizer']}/venues"
    program = {"headers": {"X-Api-Key": insert_api_key(database, team, "organizer:read", "events:read")}}
    for client, told in ((omar, {}), (ApiClient(app), program)):
        with calls_counted() as calls:
            (venue,) = client.get(listed, **told).json["data"]
            again = client.get(f"{listed}/{made['slug']}", **told).json
        assert calls == {"database": 2}
        assert (venue["id"], again["id"], again["revision"]) == (made["id"], made["id"], 1)
    assert again["_links"]["team"]["href"].endswith(f"{listed}/{made['slug']}")
    assert ApiClient(app).get(listed).status_code == 401
    assert omar.get(f"{listed}/nothing").status_code == 404


def test_all_that_is_wrong_is_said_at_once(omar: Guest, draft: dict[str, Any]) -> None:
    wrong = {"name": " ", "country": "Belgium", "capacity": 0, "latitude": 91, "timezone": "Mars/Olympus"}
    answer = omar.post("/venues", draft | wrong)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert {error["field"] for error in answer.json["errors"]} == wrong.keys()
    assert all(error["message"] for error in answer.json["errors"])
    assert omar.post("/venues", draft | {"capacity": "forty"}).status_code == 422
    assert omar.post("/venues", draft | {"reputation": 5}).json["errors"][0]["code"] == "unknown_field"


def test_fewer_places_than_are_reserved_are_refused_with_the_number(
    omar: Guest, draft: dict[str, Any], database: Database
) -> None:
    made = omar.post("/venues", draft).json
    list_event(database, seats=25, venue_id=made["id"])
    answer = omar.patch(f"/venues/{made['id']}", {"revision": 1, "capacity": 24})
    (error,) = answer.json["errors"]
    assert (answer.status_code, error["code"], error["reserved"]) == (422, "capacity_below_reserved", 25)
    assert error["message"] == "Events here have 25 places at one time: it cannot be fewer."


def test_a_partner_watches_with_a_key_shown_once(
    app: APIFlask, omar: Guest, draft: dict[str, Any], database: Database
) -> None:
    made = omar.post("/venues", draft).json
    show = list_event(database, seats=25, venue_id=made["id"])
    at = f"/venues/{made['slug']}"
    fresh = omar.post(f"{at}/key")
    assert (fresh.status_code, "end_key" in fresh.json["_links"]) == (201, True)
    partner = ApiClient(app)
    told = {"headers": {"X-Api-Key": fresh.json["key"]}}
    with calls_counted() as calls:
        seen = partner.get(f"{at}/events", **told)
    assert calls == {"database": 1}
    assert [event["id"] for event in seen.json["data"]] == [show.id]
    assert seen.headers["Cache-Control"] == "no-store"
    assert partner.get("/events", **told).status_code == 200
    assert partner.patch(at, {"revision": 1, "capacity": 1}, **told).status_code == 404
    assert omar.delete(f"{at}/key").status_code == 204
    assert partner.get(f"{at}/events", **told).json["code"] == "api_key_unknown"
    assert omar.delete(f"{at}/key").status_code == 404


@pytest.mark.parametrize("key", ["vk_short", "xk_" + "a" * 43, "vk_" + "a" * 43])
def test_a_key_that_is_none_is_refused(app: APIFlask, omar: Guest, draft: dict[str, Any], key: str) -> None:
    at = f"/venues/{omar.post('/venues', draft).json['slug']}/events"
    answer = ApiClient(app).get(at, headers={"X-Api-Key": key})
    assert (answer.status_code, answer.json["code"]) == (401, "api_key_unknown")


def test_only_who_may(
    app: APIFlask, stack: Stack, omar: Guest, dora: Guest, draft: dict[str, Any],
    team: uuid.UUID, database: Database,
) -> None:  # fmt: skip
    made = omar.post("/venues", draft).json
    at = f"/venues/{made['slug']}"
    stranger = signed_in(app, stack, database.sign_up("Zoe"))
    deeds = [
        ("post", "/venues", draft),
        ("patch", at, {"revision": 1}),
        ("post", f"{at}/key", None),
        ("delete", f"{at}/key", None),
    ]
    for method, path, body in deeds:
        assert getattr(dora, method)(path, body).json["code"] == "not_permitted"
        assert getattr(stranger, method)(path, body).status_code == 404
        assert getattr(ApiClient(app), method)(path, body).status_code == 401
    assert dora.get(f"{at}/events").status_code == 200
    assert stranger.get(f"{at}/events").status_code == 404
    program = {
        "headers": {
            "X-Api-Key": insert_api_key(database, team, "organizer:read", "events:read", "events:write")
        }
    }
    assert ApiClient(app).patch(at, {"revision": 1, "capacity": 50}, **program).status_code == 200
