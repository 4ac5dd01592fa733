"""An event in numbers on its team's page, and through the API."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database, Person
from tests.pages.html import Page
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, sign_in
from tests.sql.events import organizer


@pytest.fixture
def listing(app: APIFlask, database: Database, team: uuid.UUID, sandbox: Sandbox) -> Listing:
    """An event with two seats of twenty sold."""
    listing = list_event(database, organizer_id=team)
    Guest(app).buy(listing, sandbox, 2)
    return listing


@pytest.fixture
def at(workspace: str, listing: Listing) -> str:
    return f"{workspace}/events/{listing.id}"


def test_the_numbers_cost_one_call_and_are_readable_without_looking(omar: Browser, at: str) -> None:
    with calls_counted() as calls:
        answer = omar.get(at)
    assert calls == {"database": 1}
    page = Page(answer)
    for words in ("of 20, 10% full", "€30", "1 confirmed order", "Waiting in line", "Gaston"):
        assert words in page.words
    (chart,) = [attributes for _, attributes in page.tags if attributes.get("role") == "img"]
    assert chart["aria-label"] == "Seats sold per day: 2 in all, 2 at most"
    assert not [attributes for _, attributes in page.tags if "style" in attributes]
    rows = [attributes for tag, attributes in page.tags if tag == "th" and attributes.get("scope") == "row"]
    assert len(rows) == 14


def test_the_door_sees_seats_and_no_money(dora: Browser, at: str) -> None:
    page = Page(dora.get(at))
    assert "of 20, 10% full" in page.words
    for words in ("€", "Gaston", "Revenue", "Waiting in line"):
        assert words not in page.words.replace("€15.00", "")


def test_strangers_and_other_teams_find_nothing(
    app: APIFlask, stack: Stack, omar: Browser, database: Database, people: dict[str, Person], at: str
) -> None:
    assert sign_in(Browser(app), stack, database.sign_up("Zoe")).get(at).status_code == 404
    other: Any = database.value(
        "select slug from public.organizers where id = %s", [organizer(database, owner=people["owner"])]
    )
    elsewhere = f"/manage/{other}/events/{at.rpartition('/')[2]}"
    assert omar.get(elsewhere).status_code == 404
