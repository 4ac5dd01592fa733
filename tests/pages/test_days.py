"""The home page by date, without scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event

TODAY = datetime.now(UTC).date()
NEAR, FAR = TODAY + timedelta(days=40), TODAY + timedelta(days=80)


@pytest.fixture(autouse=True)
def programme(database: Database) -> None:
    for title, days in (("Quince paste", 40), ("Medlar jam", 80)):
        list_event(database, title=title, starts_in=timedelta(days=days), timezone="UTC")


def test_chosen_dates_are_kept_and_said(app: APIFlask) -> None:
    browser = Browser(app)
    form = Page(browser.get("/?q=quince")).form("/")
    with calls_counted() as calls:
        page = Page(form.send(browser, days="dates", first_day=NEAR, last_day=NEAR))
    assert calls == {"database": 1}
    assert f"Events matching “quince” on {NEAR:%a} {NEAR.day} {NEAR:%b}" in page.words
    again = page.form("/").fields
    assert (again["q"], again["days"]) == (["quince"], ["dates"])
    assert (again["first_day"], again["last_day"]) == ([str(NEAR)], [str(NEAR)])
    later = Page(page.form("/").send(browser, first_day=FAR, last_day=""))
    assert "Nothing matches, yet" in later.words


def test_dates_count_once_they_are_what_is_chosen(app: APIFlask) -> None:
    page = Page(Browser(app).get(f"/?q=quince&first_day={FAR}"))
    assert "Events matching “quince”. Show all" in page.words
    week = Page(Browser(app).get(f"/?q=quince&days=week&first_day={NEAR}&last_day={NEAR}"))
    assert "Nothing matches, yet" in week.words
    assert week.form("/").fields["days"] == ["week"]


@pytest.mark.parametrize(
    ("first_day", "last_day", "field", "sentence"),
    [
        ("soon", "", "first_day", "Please give a day, such as 2026-05-17."),
        (str(FAR), str(NEAR), "last_day", "Please choose a last day that is not before the first one."),
    ],
)
def test_wrong_dates_are_said_and_nothing_is_lost(
    app: APIFlask, first_day: str, last_day: str, field: str, sentence: str
) -> None:
    form = Page(Browser(app).get("/?q=quince")).form("/")
    answer = form.send(Browser(app), days="dates", first_day=first_day, last_day=last_day)
    page = Page(answer)
    assert answer.status_code == 422
    assert sentence in page.words
    assert page.said_of(field) == [f"{field}-error"]
    assert "Events matching “quince”." in page.words
    assert "Quince paste" in page.words
    again = page.form("/").fields
    assert (again["q"], again["days"]) == (["quince"], ["dates"])
    assert (again["first_day"], again["last_day"]) == ([first_day], [last_day])
