"""Who comes to a team's events, through the API."""

from __future__ import annotations

import uuid

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, signed_in
from tests.sql.events import insert_api_key


@pytest.fixture
def listing(app: APIFlask, database: Database, team: uuid.UUID, sandbox: Sandbox) -> Listing:
    """An event to which Gaston comes with somebody unnamed."""
    listing = list_event(database, organizer_id=team)
    Guest(app).buy(listing, sandbox, 2)
    return listing


def test_who_comes_is_listed_in_one_call(omar: Guest, workspace: str, listing: Listing) -> None:
    for at in (f"/events/{listing.id}/attendees", f"{workspace}/attendees"):
        with calls_counted() as calls:
            page = omar.get(f"{at}?limit=1")
        assert (page.status_code, calls) == (200, {"database": 1})
        rest = omar.get(page.json["_links"]["next"]["href"].removeprefix("/api/v1"))
        names = {each["name"] for answer in (page, rest) for each in answer.json["data"]}
        assert names == {"Gaston", None}
        assert page.json["data"][0]["_links"]["order"]["href"].startswith(f"/api/v1{workspace}/orders/")
        found = omar.get(f"{at}?q=gaston").json["data"]
        assert "Gaston" in [each["name"] for each in found]
        assert omar.get(f"{at}?q=nobody").json["data"] == []


def test_a_program_takes_the_list_along(
    app: APIFlask, database: Database, team: uuid.UUID, listing: Listing
) -> None:
    at = f"/events/{listing.id}/attendees.csv"
    key = insert_api_key(database, team, "attendees:read", "exports:read")
    answer = ApiClient(app).get(at, headers={"X-Api-Key": key})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert any(row.startswith("Gaston,") for row in answer.data.decode("utf-8-sig").splitlines())
    blind = insert_api_key(database, team, "attendees:read")
    assert ApiClient(app).get(at, headers={"X-Api-Key": blind}).json["code"] == "not_permitted"


def test_a_key_and_strangers(
    app: APIFlask, stack: Stack, database: Database, team: uuid.UUID, listing: Listing
) -> None:
    key = {"X-Api-Key": insert_api_key(database, team, "attendees:read")}
    assert ApiClient(app).get(f"/events/{listing.id}/attendees", headers=key).json["coming"] == 2
    zoe = signed_in(app, stack, database.sign_up("Zoe"))
    assert zoe.get(f"/events/{listing.id}/attendees").json["code"] == "not_found"
    assert Guest(app).get(f"/events/{listing.id}/attendees").status_code == 401
