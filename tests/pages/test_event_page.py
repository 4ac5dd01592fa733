"""What an event's page tells before one buys."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.application import Browser
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event


def test_the_way_to_the_tickets_says_from_where_prices_differ(browser: Browser, database: Database) -> None:
    one = list_event(database)
    several = list_event(database, {"price_cents": 900}, {"price_cents": 1500})
    assert "€15 Tickets" in Page(browser.get(f"/events/{one.slug}")).words
    assert "from €15 Tickets" not in Page(browser.get(f"/events/{one.slug}")).words
    assert "from €9 Tickets" in Page(browser.get(f"/events/{several.slug}")).words


def test_what_is_wrong_is_said_once_beside_its_field(browser: Browser, database: Database) -> None:
    listing = list_event(database, seats=3)
    unknown = Page(browser.get(f"/events/{listing.slug}?code=NOPE"))
    assert unknown.words.count("We do not know this code for this event.") == 1
    assert "code-error" in unknown.said_of("code")
    field = f"quantity[{listing.ticket_type}]"
    too_many = Page(browser.get(f"/events/{listing.slug}/orders/new?{field}=11"))
    assert too_many.words.count("Please choose between 1 and 10 of these tickets.") == 1
    assert too_many.said_of(field) == [f"{field}-error"]


@pytest.mark.parametrize(
    ("price", "starts_in", "sentence"),
    [
        (1500, timedelta(days=7), r"You can cancel before \w+ \d+ \w+, \d\d:\d\d and get your money back\."),
        (0, timedelta(days=7), r"You can cancel before \w+ \d+ \w+, \d\d:\d\d\."),
        (1500, timedelta(hours=2), r"It begins so soon that seats cannot be cancelled any more\."),
    ],
)
def test_it_says_until_when_seats_can_be_cancelled(
    browser: Browser, database: Database, price: int, starts_in: timedelta, sentence: str
) -> None:
    listing = list_event(database, {"price_cents": price}, starts_in=starts_in)
    assert re.search(sentence, Page(browser.get(f"/events/{listing.slug}")).words)
