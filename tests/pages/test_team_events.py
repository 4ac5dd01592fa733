"""The list of a team's events as its people see it."""

from __future__ import annotations

import uuid

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database, Person
from tests.pages.html import Page
from tests.selling import list_event, sign_in
from tests.sql.events import organizer


@pytest.fixture
def omar(database: Database) -> Person:
    return database.sign_up("Omar")


@pytest.fixture
def team(database: Database, omar: Person) -> uuid.UUID:
    return organizer(database, "Tandem", owner=omar)


@pytest.fixture
def workspace(database: Database, team: uuid.UUID) -> str:
    return "/manage/" + str(database.value("select slug from public.organizers where id = %s", [team]))


@pytest.fixture
def browser(app: APIFlask, stack: Stack, omar: Person) -> Browser:
    """Omar's."""
    return sign_in(Browser(app), stack, omar)


def test_the_way_in_leads_to_the_list_which_costs_one_call(
    browser: Browser, database: Database, team: uuid.UUID, workspace: str
) -> None:
    list_event(database, title="Ink and paper", organizer_id=team, status="draft")
    assert browser.get(workspace).location == f"{workspace}/events"
    with calls_counted() as calls:
        page = Page(browser.get(f"{workspace}/events"))
    assert calls == {"database": 1}
    assert "Ink and paper" in page.words
    assert "0 of 20" in page.words
    assert f"{workspace}/events?stage=past" in page.links()


def test_filters_stay_in_the_address_and_nonsense_is_passed_by(
    browser: Browser, database: Database, team: uuid.UUID, workspace: str
) -> None:
    list_event(database, title="Ink and paper", organizer_id=team)
    assert "Ink and paper" in Page(browser.get(f"{workspace}/events?stage=upcoming&q=ink")).words
    assert "Ink and paper" in Page(browser.get(f"{workspace}/events?stage=nonsense")).words
    found = Page(browser.get(f"{workspace}/events?stage=past&q=ink"))
    assert "No event of yours has these words." in found.words
    assert browser.get(f"{workspace}/events?cursor=nonsense").status_code == 422


def test_a_stranger_finds_nothing_and_a_visitor_is_asked_to_sign_in(
    app: APIFlask, stack: Stack, database: Database, workspace: str
) -> None:
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    assert zoe.get(f"{workspace}/events").status_code == 404
    assert Browser(app).get(f"{workspace}/events").status_code == 303
