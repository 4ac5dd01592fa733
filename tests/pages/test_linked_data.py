"""What an event's page tells search engines: the same as it tells people."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from apiflask import APIFlask

from tests.application import Browser
from tests.database import Database
from tests.selling import Listing, list_event
from tests.sql.events import venue

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told(app: APIFlask, listing: Listing, query: str = "") -> Any:
    answer = Browser(app).get(f"/events/{listing.slug}{query}")
    [block] = BLOCK.findall(answer.text)
    return json.loads(block)


def test_an_event_is_told_with_its_place_and_offers(app: APIFlask, database: Database) -> None:
    tomorrow = database.value("select private.now() + interval '1 day'")
    hall = venue(database, name="Les Halles", city="Ghent", latitude=51.05, longitude=3.72)
    listing = list_event(
        database,
        {"name": "Seat", "price_cents": 1550, "position": 1},
        {"name": "Bench", "price_cents": 0, "position": 2, "sale_starts_at": tomorrow},
        {"name": "Secret", "access_code": "FRIENDS", "position": 3},
        venue_id=hall,
        timezone="Europe/Brussels",
    )
    site = app.config["SETTINGS"].site_url
    facts = told(app, listing, "?code=FRIENDS")
    assert (facts["@type"], facts["name"]) == ("Event", "Bread before dawn")
    assert facts["url"] == f"{site}/events/{listing.slug}"
    assert datetime.fromisoformat(facts["startDate"]).utcoffset() is not None
    assert facts["eventStatus"] == "https://schema.org/EventScheduled"
    assert facts["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert (facts["location"]["name"], facts["location"]["address"]["addressLocality"]) == (
        "Les Halles", "Ghent",
    )  # fmt: skip
    assert facts["location"]["geo"]["latitude"] == 51.05
    assert facts["organizer"]["url"].startswith(f"{site}/organizers/")
    assert [
        (offer["name"], offer["price"], offer["priceCurrency"], offer["availability"])
        for offer in facts["offers"]
    ] == [
        ("Seat", "15.50", "EUR", "https://schema.org/InStock"),
        ("Bench", "0.00", "EUR", "https://schema.org/PreOrder"),
    ]


def test_what_happens_online_and_was_called_off_says_so(app: APIFlask, database: Database) -> None:
    facts = told(app, list_event(database, status="cancelled"))
    assert facts["location"]["@type"] == "VirtualLocation"
    assert facts["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_title_cannot_leave_the_block(app: APIFlask, database: Database) -> None:
    title = "</script><script>alert(1)</script><!--"
    listing = list_event(database, title=title)
    assert told(app, listing)["name"] == title
    assert "<script>alert" not in Browser(app).get(f"/events/{listing.slug}").text
