"""A team's orders through the API: with a token, and with the team's key."""

from __future__ import annotations

import uuid

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database
from tests.selling import Guest, Listing, list_event, signed_in
from tests.sql.events import insert_api_key


@pytest.fixture
def orders(workspace: str) -> str:
    return f"{workspace}/orders"


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team)


def test_a_team_pages_through_its_orders_in_one_call_each(
    app: APIFlask, omar: Guest, listing: Listing, orders: str
) -> None:
    placed = {Guest(app).hold(listing)["reference"] for _ in range(3)}
    seen, at = [], f"{orders}?limit=2&sort=oldest&event={listing.id}"
    while at:
        with calls_counted() as calls:
            page = omar.get(at)
        assert (page.status_code, calls) == (200, {"database": 1})
        seen += [order["reference"] for order in page.json["data"]]
        at = page.json["_links"].get("next", {}).get("href", "").removeprefix("/api/v1")
    assert len(seen) == 3
    assert set(seen) == placed


@pytest.mark.parametrize(
    "wrong", ["status=sold", "sort=random", "event=7", "from=yesterday", "limit=101", "colour=red"]
)
def test_what_no_filter_knows_is_refused(omar: Guest, orders: str, wrong: str) -> None:
    assert omar.get(f"{orders}?{wrong}").status_code == 422


def test_a_key_finds_an_order_by_its_buyer(
    app: APIFlask, database: Database, team: uuid.UUID, listing: Listing, orders: str
) -> None:
    order = Guest(app).hold(listing, buyer={"name": "Zoé Brûlé", "email": "zoe@example.org"})
    program = ApiClient(app)
    key = insert_api_key(database, team, "organizer:read", "orders:read")
    answer = program.get(f"{orders}?q=brule", headers={"X-Api-Key": key})
    assert [found["reference"] for found in answer.json["data"]] == [order["reference"]]
    blind = insert_api_key(database, team, "organizer:read", "events:read")
    assert program.get(orders, headers={"X-Api-Key": blind}).json["code"] == "not_permitted"


def test_nobody_else_sees_a_teams_orders(
    app: APIFlask, stack: Stack, database: Database, orders: str
) -> None:
    assert signed_in(app, stack, database.sign_up("Zoe")).get(orders).json["code"] == "not_found"
    assert Guest(app).get(orders).status_code == 401
