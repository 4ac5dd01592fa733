"""What an event's page tells before one buys."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.application import Browser
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event


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
