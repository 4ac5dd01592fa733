"""Promotion codes by their pages."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

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
    return organizer(database, owner=omar)


@pytest.fixture
def codes(database: Database, team: uuid.UUID) -> str:
    slug = database.value("select slug from public.organizers where id = %s", [team])
    return f"/manage/{slug}/promotion-codes"


@pytest.fixture
def browser(app: APIFlask, stack: Stack, omar: Person) -> Browser:
    """Omar's."""
    return sign_in(Browser(app), stack, omar)


def make(browser: Browser, codes: str, **typed: Any) -> Any:
    return Page(browser.get(f"{codes}/new")).form(codes).send(browser, **{"code": "spring-27", **typed})


def test_a_code_is_made_listed_and_ended(
    browser: Browser, codes: str, database: Database, team: uuid.UUID
) -> None:
    listing = list_event(database, title="Ink and paper", organizer_id=team)
    sent = make(browser, codes, amount="7,50", event_id=listing.id, max_uses="20")
    page = Page(browser.get(sent.location))
    for words in ("SPRING-27 counts from now on.", "€7.50", "Ink and paper", "0 of 20"):
        assert words in page.words
    assert "it cannot be made again" in page.words
    ended = page.form(f"{codes}/SPRING-27/end").send(browser)
    assert "Ended on" in Page(browser.get(ended.location)).words


def test_everything_wrong_is_said_beside_its_field(browser: Browser, codes: str) -> None:
    year = datetime.now().year + 1
    wrong = {
        "code": "%",
        "percent": "101",
        "amount": "dear",
        "starts_at": f"{year}-06-02T10:00",
        "ends_at": f"{year}-06-01T10:00",
        "max_uses": "none",
    }
    answer = make(browser, codes, **wrong)
    assert answer.status_code == 422
    page = Page(answer)
    for field in ("code", "percent", "amount", "ends_at", "max_uses"):
        assert f"{field}-error" in page.said_of(field)
        assert page.elements[field]["value"] == wrong[field]
    neither = Page(make(browser, codes))
    assert "Please give a percentage, or an amount." in neither.words


def test_a_word_is_taken_once(browser: Browser, codes: str) -> None:
    assert make(browser, codes, percent="10").status_code == 303
    again = make(browser, codes, percent="20")
    assert again.status_code == 409
    assert "code-error" in Page(again).said_of("code")


def test_opening_the_pages_costs_one_call(browser: Browser, codes: str) -> None:
    for path in (codes, f"{codes}/new"):
        with calls_counted() as calls:
            assert browser.get(path).status_code == 200
        assert calls == {"database": 1}
