"""The form of a meetup, and the way on from a draft."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser
from tests.database import Database, Person
from tests.pages.test_order_life import words
from tests.selling import sign_in
from tests.sql.events import venue

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def ana(database: Database) -> Person:
    return database.sign_up("Ana")


@pytest.fixture
def browser(app: APIFlask, stack: Stack, ana: Person) -> Browser:
    """Ana's."""
    return sign_in(Browser(app), stack, ana)


@pytest.fixture
def form(database: Database) -> dict[str, Any]:
    start = datetime.now(BRUSSELS) + timedelta(days=3)
    return {
        "title": "An hour of Dutch",
        "language": "nl",
        "venue_id": str(venue(database, name="Le Phare")),
        "starts_at": f"{start:%Y-%m-%d}T19:00",
        "description": "Come as you are.",
    }


def send(browser: Browser, form: dict[str, Any]) -> Any:
    return browser.submit("/meetups/new", form, to="/meetups")


def test_the_form_offers_places_by_city_and_a_week_of_days(
    app: APIFlask, browser: Browser, form: dict[str, Any]
) -> None:
    opened = browser.get("/meetups/new")
    assert '<optgroup label="Brussels">' in opened.text
    first, last = re.findall(r'(?:min|max)="(\d{4}-\d\d-\d\dT\d\d:\d\d)"', opened.text)
    soonest = datetime.fromisoformat(first).replace(tzinfo=BRUSSELS) - datetime.now(BRUSSELS)
    assert timedelta(days=1) <= soonest < timedelta(days=1, minutes=16)
    assert datetime.fromisoformat(first).minute % 15 == 0
    assert datetime.fromisoformat(last) - datetime.fromisoformat(first) <= timedelta(days=6)
    assert Browser(app).get("/meetups/new").status_code == 303


def test_a_meetup_leads_to_its_organizers_seat(browser: Browser, form: dict[str, Any]) -> None:
    sent = send(browser, form)
    assert sent.status_code == 303
    told = words(browser.get(sent.location))
    assert "Paying for it publishes the meetup" in told
    assert "Pay €7.00 and publish" in told


def test_everything_that_is_missing_is_named_at_once_and_what_was_typed_stays(
    browser: Browser, form: dict[str, Any]
) -> None:
    answer = send(browser, {"title": "", "language": "", "description": "Come as you are."})
    assert answer.status_code == 422
    assert "4 things need another look:" in words(answer)
    for field in ("title", "language", "venue_id", "starts_at"):
        assert f'id="{field}-error"' in answer.text
    assert "Come as you are." in answer.text


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"title": "x" * 141}, 422, "title"),
        ({"language": "qq"}, 422, "language"),
        ({"venue_id": "nowhere"}, 422, "venue_id"),
        ({"starts_at": "2020-01-01T19:00"}, 422, "starts_at"),
        ({"starts_at": "soon"}, 422, "starts_at"),
        ({"starts_at": "2027-03-28T02:30"}, 422, "starts_at"),  # which no clock in Brussels shows
        ({"description": "x" * 20_001}, 422, "description"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    browser: Browser, form: dict[str, Any], changes: dict[str, Any], status: int, field: str
) -> None:
    answer = send(browser, {**form, **changes})
    assert answer.status_code == status
    assert f'id="{field}-error"' in answer.text
    assert 'value="An hour of Dutch"' in answer.text or field == "title"


def test_an_unpaid_meetup_can_be_tried_again_from_its_order_and_from_its_own_page(
    browser: Browser, form: dict[str, Any]
) -> None:
    order = send(browser, form).location
    browser.submit(order, {}, to=f"{order}/cancellation")
    over = browser.get(order)
    assert "Your meetup is a draft again." in words(over)
    (again,) = re.findall(r'action="(/meetups/[^"]+/order)"', over.text)
    (event,) = set(re.findall(r'href="(/events/[^"#]+)"', over.text))
    draft = browser.get(event)
    assert "This is a draft. Only you and your team see it." in words(draft)
    assert "Hold your seat and publish" in words(draft)
    sent = browser.submit(event, {}, to=again)
    assert "Pay €7.00 and publish" in words(browser.get(sent.location))
    assert "Go to your order" in words(browser.get(event))
    twice = browser.submit(sent.location, {}, to=again)
    assert twice.status_code == 303
