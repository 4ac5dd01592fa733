"""Events made and kept through the API, by people and by programs with a key."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, signed_in
from tests.sql.events import insert_api_key, venue


@pytest.fixture
def draft(slug: str) -> dict[str, Any]:
    return {
        "organizer": slug,
        "title": "Setting type by hand",
        "starts_at": f"{datetime.now().year + 1}-06-12T19:00",
        "timezone": "Europe/Brussels",
        "capacity": 12,
        "ticket_types": [{"name": "Seat", "price_cents": 2500}],
    }


def test_an_event_lives_from_draft_to_deletion_one_call_each(
    app: APIFlask, omar: Guest, draft: dict[str, Any]
) -> None:
    with calls_counted() as calls:
        made = omar.post("/events", draft)
    assert (made.status_code, made.json["status"], calls) == (201, "draft", {"database": 1})
    at, own = f"/events/{made.json['id']}", made.json["_links"]["self"]["href"]
    assert made.headers["Location"].endswith(own)
    assert Guest(app).get(at).status_code == 404
    edited = omar.patch(at, {"revision": 1, "title": "Printing"})
    assert (edited.json["title"], edited.json["revision"]) == ("Printing", 2)
    assert omar.post(f"{at}/publication").json["status"] == "published"
    assert Guest(app).get(at).json["title"] == "Printing"
    withdrawn = omar.delete(f"{at}/publication").json
    assert {"edit", "publish", "delete"} <= withdrawn["_links"].keys()
    with calls_counted() as calls:
        read = omar.get(own.removeprefix("/api/v1"))
    assert (read.json, calls) == (withdrawn, {"database": 1})
    assert omar.delete(at).status_code == 204
    assert omar.get(own.removeprefix("/api/v1")).status_code == 404


def test_a_program_keeps_events_by_its_key(
    app: APIFlask, database: Database, team: uuid.UUID, draft: dict[str, Any]
) -> None:
    program = ApiClient(app)
    key = insert_api_key(database, team, "organizer:read", "events:read", "events:write")
    made = program.post("/events", {**draft, "publish": True}, headers={"X-Api-Key": key})
    assert (made.status_code, made.json["status"]) == (201, "published")
    reader = insert_api_key(database, team, "organizer:read", "events:read")
    refused = program.patch(
        f"/events/{made.json['id']}", {"revision": 1, "title": "Mine"}, headers={"X-Api-Key": reader}
    )
    assert (refused.status_code, refused.json["code"]) == (403, "not_permitted")


def test_everything_wrong_is_named_with_a_sentence_each(omar: Guest, draft: dict[str, Any]) -> None:
    answer = omar.post(
        "/events", {**draft, "title": "x" * 5000, "starts_at": "2027-03-28T02:30", "capacity": 0}
    )
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert {(error["field"], error["code"]) for error in answer.json["errors"]} == {
        ("title", "title_invalid"),
        ("starts_at", "time_skipped"),
        ("capacity", "capacity_invalid"),
    }
    assert all(error["message"] for error in answer.json["errors"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": None},
        {"capacity": "12"},
        {"capacity": 10**12},
        {"starts_at": 5},
        {"ticket_types": [{"name": "Seat"}]},
        {"ticket_types": [{"name": "Seat", "price_cents": 1}] * 21},
        {"revision": 1},
        {"venue_id": "x"},
    ],
)
def test_what_has_the_wrong_shape_is_refused(
    omar: Guest, draft: dict[str, Any], wrong: dict[str, Any]
) -> None:
    answer = omar.post("/events", {**draft, **wrong})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")


def test_whoever_edits_what_has_changed_is_told_what_did(omar: Guest, draft: dict[str, Any]) -> None:
    at = f"/events/{omar.post('/events', draft).json['id']}"
    assert omar.patch(at, {"revision": 1, "title": "Printing"}).status_code == 200
    second = omar.patch(at, {"revision": 1, "capacity": 9})
    assert (second.status_code, second.json["code"], second.json["revision"]) == (409, "edited_meanwhile", 2)
    assert second.json["changes"] == {"title": {"before": "Setting type by hand", "now": "Printing"}}
    assert omar.patch(at, {"title": "Without"}).status_code == 422


def test_another_teams_events_are_nobodys_here(
    app: APIFlask, stack: Stack, database: Database, omar: Guest, workspace: str, draft: dict[str, Any]
) -> None:
    foreign = list_event(database)
    at = f"/events/{foreign.id}"
    for answer in (
        omar.patch(at, {"revision": 1, "title": "Mine"}),
        omar.delete(at),
        omar.post(f"{at}/publication"),
        omar.delete(f"{at}/publication"),
        omar.get(f"{workspace}/events/{foreign.id}"),
        omar.post("/events", {**draft, "organizer": "no-such-team"}),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    zoe = signed_in(app, stack, database.sign_up("Zoe"))
    assert zoe.post("/events", draft).json["code"] == "not_found"
    assert Guest(app).post("/events", draft).status_code == 401


def test_the_door_looks_and_does_not_touch(omar: Guest, dora: Guest, draft: dict[str, Any]) -> None:
    made = omar.post("/events", draft).json
    assert dora.get(made["_links"]["self"]["href"].removeprefix("/api/v1")).status_code == 200
    assert dora.delete(f"/events/{made['id']}").json["code"] == "not_permitted"
    assert dora.post("/events", draft).json["code"] == "not_permitted"


def test_what_is_sold_cannot_be_withdrawn(
    app: APIFlask, omar: Guest, gaston: Guest, sandbox: Sandbox, draft: dict[str, Any]
) -> None:
    made = omar.post("/events", {**draft, "publish": True}).json
    seat = made["ticket_types"][0]["id"]
    gaston.buy(Listing(made["id"], made["slug"], made["title"], (seat,)), sandbox)
    at = f"/events/{made['id']}"
    assert omar.delete(f"{at}/publication").json["code"] == "event_has_orders"
    assert omar.delete(at).json["code"] == "illegal_transition"


def test_an_event_is_copied_and_held_again_in_a_series(
    database: Database, omar: Guest, workspace: str, draft: dict[str, Any]
) -> None:
    made = omar.post("/events", {**draft, "publish": True}).json
    copy = omar.post(f"/events/{made['id']}/copies")
    assert (copy.status_code, copy.json["status"]) == (201, "draft")
    halls = [str(venue(database, 30, city=city)) for city in ("Ghent", "Liège")]
    starts = [draft["starts_at"].replace("-12T", f"-{day}T") for day in (13, 14)]
    series = {"template": made["id"], "starts": starts, "venue_ids": halls, "publish": True}
    with calls_counted() as calls:
        answer = omar.post(f"{workspace}/series", series)
    assert (answer.status_code, calls) == (201, {"database": 1})
    assert [each["status"] for each in answer.json["data"]] == ["published"] * 4
    wrong = omar.post(f"{workspace}/series", {**series, "starts": ["soon", starts[0]]})
    assert [error["field"] for error in wrong.json["errors"]] == ["starts.0"]
    foreign = omar.post(f"{workspace}/series", {**series, "template": list_event(database).id})
    assert foreign.json["code"] == "not_found"


def test_calling_off_says_first_what_it_would_do(
    omar: Guest, gaston: Guest, sandbox: Sandbox, draft: dict[str, Any]
) -> None:
    made = omar.post("/events", {**draft, "publish": True}).json
    gaston.buy(Listing(made["id"], made["slug"], made["title"], (made["ticket_types"][0]["id"],)), sandbox, 2)
    quote = omar.get(f"/events/{made['id']}/cancellation").json
    assert (quote["seats"], quote["refunded_orders"], quote["refund_cents"]) == (2, 1, 5000)
    assert gaston.get(f"/events/{made['id']}/cancellation").status_code == 401
