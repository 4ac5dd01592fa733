"""Promotion codes by their pages."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event


@pytest.fixture
def codes(workspace: str) -> str:
    return f"{workspace}/promotion-codes"


def make(browser: Browser, codes: str, **typed: Any) -> Any:
    return Page(browser.get(f"{codes}/new")).form(codes).send(browser, **{"code": "spring-27", **typed})


def test_a_code_is_made_listed_and_ended(
    omar: Browser, codes: str, database: Database, team: uuid.UUID
) -> None:
    listing = list_event(database, title="Ink and paper", organizer_id=team)
    sent = make(omar, codes, amount="7,50", event_id=listing.id, max_uses="20")
    page = Page(omar.get(sent.location))
    for words in ("SPRING-27 counts from now on.", "€7.50", "Ink and paper", "0 of 20"):
        assert words in page.words
    assert "it cannot be made again" in page.words
    ended = page.form(f"{codes}/SPRING-27/end").send(omar)
    assert "Ended on" in Page(omar.get(ended.location)).words


def test_everything_wrong_is_said_beside_its_field(omar: Browser, codes: str) -> None:
    year = datetime.now().year + 1
    wrong = {
        "code": "%",
        "percent": "101",
        "amount": "dear",
        "starts_at": f"{year}-06-02T10:00",
        "ends_at": f"{year}-06-01T10:00",
        "max_uses": "none",
    }
    answer = make(omar, codes, **wrong)
    assert answer.status_code == 422
    page = Page(answer)
    for field in ("code", "percent", "amount", "ends_at", "max_uses"):
        assert f"{field}-error" in page.said_of(field)
        assert page.elements[field]["value"] == wrong[field]
    neither = Page(make(omar, codes))
    assert "Please give a percentage, or an amount." in neither.words


def test_a_word_is_taken_once(omar: Browser, codes: str) -> None:
    assert make(omar, codes, percent="10").status_code == 303
    again = make(omar, codes, percent="20")
    assert again.status_code == 409
    assert "code-error" in Page(again).said_of("code")


def test_opening_the_pages_costs_one_call(omar: Browser, codes: str) -> None:
    for path in (codes, f"{codes}/new"):
        with calls_counted() as calls:
            assert omar.get(path).status_code == 200
        assert calls == {"database": 1}
