"""A team's events through the API: with a token, and with the team's key."""

from __future__ import annotations

import uuid

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database
from tests.selling import Guest, list_event, signed_in
from tests.sql.events import insert_api_key


@pytest.fixture
def events(workspace: str) -> str:
    return f"{workspace}/events"


def test_a_team_lists_its_events_page_by_page_in_one_call_each(
    omar: Guest, database: Database, team: uuid.UUID, events: str
) -> None:
    for title in ("One", "Two", "Three"):
        list_event(database, organizer_id=team, title=title, status="draft")
    seen, at = set(), f"{events}?limit=2"
    while at:
        with calls_counted() as calls:
            page = omar.get(at)
        assert (page.status_code, calls) == (200, {"database": 1})
        seen |= {event["title"] for event in page.json["data"]}
        at = page.json["_links"].get("next", {}).get("href", "").removeprefix("/api/v1")
    assert seen == {"One", "Two", "Three"}


def test_a_key_sees_what_it_is_for(app: APIFlask, database: Database, team: uuid.UUID, events: str) -> None:
    list_event(database, organizer_id=team, status="draft")
    program = ApiClient(app)
    key = insert_api_key(database, team, "organizer:read", "events:read")
    answer = program.get(events, headers={"X-Api-Key": key})
    assert [event["status"] for event in answer.json["data"]] == ["draft"]
    blind = insert_api_key(database, team, "organizer:read", "tickets:scan")
    assert program.get(events, headers={"X-Api-Key": blind}).json["code"] == "not_permitted"


def test_nobody_else_sees_a_teams_list(app: APIFlask, stack: Stack, database: Database, events: str) -> None:
    assert signed_in(app, stack, database.sign_up("Zoe")).get(events).json["code"] == "not_found"
    assert Guest(app).get(events).status_code == 401
    assert Guest(app).get(f"{events}?stage=never").status_code in {401, 422}
