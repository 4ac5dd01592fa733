"""The list of a team's events as its people see it."""

from __future__ import annotations

import uuid

from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event, sign_in


def test_the_way_in_leads_to_the_list_which_costs_one_call(
    omar: Browser, database: Database, team: uuid.UUID, workspace: str
) -> None:
    list_event(database, title="Ink and paper", organizer_id=team, status="draft")
    assert omar.get(workspace).location == f"{workspace}/events"
    with calls_counted() as calls:
        page = Page(omar.get(f"{workspace}/events"))
    assert calls == {"database": 1}
    assert "Ink and paper" in page.words
    assert "0 of 20" in page.words
    assert f"{workspace}/events?stage=past" in page.links()


def test_filters_stay_in_the_address_and_nonsense_is_passed_by(
    omar: Browser, database: Database, team: uuid.UUID, workspace: str
) -> None:
    list_event(database, title="Ink and paper", organizer_id=team)
    assert "Ink and paper" in Page(omar.get(f"{workspace}/events?stage=upcoming&q=ink")).words
    assert "Ink and paper" in Page(omar.get(f"{workspace}/events?stage=nonsense")).words
    found = Page(omar.get(f"{workspace}/events?stage=past&q=ink"))
    assert "No event of yours has these words." in found.words
    assert omar.get(f"{workspace}/events?cursor=nonsense").status_code == 422


def test_a_stranger_finds_nothing_and_a_visitor_is_asked_to_sign_in(
    app: APIFlask, stack: Stack, database: Database, workspace: str
) -> None:
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    assert zoe.get(f"{workspace}/events").status_code == 404
    assert Browser(app).get(f"{workspace}/events").status_code == 303
