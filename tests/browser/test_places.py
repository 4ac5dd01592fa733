"""Where things are: events near oneself, venues on the map, in a browser that knows where it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from apiflask import APIFlask
from playwright.sync_api import expect

from local.stack import Stack
from tests.application import token_for
from tests.browser.conftest import Visitors
from tests.browser.test_every_page import Inspector
from tests.browser.visitor import Visitor
from tests.database import Database
from tests.selling import list_event
from tests.sql.events import organizer, venue

# In a sea where no other test has a venue.
HERE = {"latitude": -35.12345, "longitude": -100.54321}


@pytest.fixture
def omar(visitors: Visitors, app: APIFlask, stack: Stack, database: Database) -> Visitor:
    """Signed in, at the place that he looks after; his team is at /manage/<slug>."""
    person = database.sign_up("Omar")
    team = organizer(database, owner=person)
    visitor = visitors(geolocation=HERE, permissions=["geolocation"])
    cookie = app.extensions["session-signer"].dumps([token_for(stack, person), "unused", 0])
    visitor.context.add_cookies([{"name": "guichet", "value": cookie, "url": visitor.site}])
    slug = database.value("select slug from public.organizers where id = %s", [team])
    visitor.open(f"/manage/{slug}/venues")
    return visitor


def test_near_me_is_one_press(visitors: Visitors, database: Database) -> None:
    there = venue(database, name="Raft", latitude=-35.2, longitude=-100.5)
    far = venue(database, name="Reef", latitude=-36.2, longitude=-100.5)
    listing = list_event(database, title="Near", venue_id=there, starts_in=timedelta(days=2))
    list_event(database, title="Far", venue_id=far)
    visitor = visitors(geolocation=HERE, permissions=["geolocation"])
    visitor.open("/")
    visitor.press("Near me")
    visitor.page.wait_for_url(re.compile(r"near=-35\.123%2C-100\.543"))  # no closer than some hundred metres
    expect(visitor.page.get_by_role("main")).to_contain_text("9.4 km")
    expect(visitor.page.get_by_role("link", name="Near", exact=True)).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Far", exact=True)).to_have_count(0)
    inspector = Inspector(visitor)
    inspector.open("/?near=-35.1,-100.5&radius_km=50")
    inspector.open(f"/organizers/{organizer_of(database, listing.id)}")
    inspector.open(f"/widgets/{listing.slug}")
    assert "\n".join(inspector.faults) == ""


def test_who_does_not_tell_where_they_are_is_told_so(visitors: Visitors) -> None:
    visitor = visitors()
    visitor.open("/")
    visitor.press("Near me")
    expect(visitor.page.get_by_text("Your browser did not tell where you are.")).to_be_visible()


def test_a_venue_is_made_on_the_spot(omar: Visitor) -> None:
    inspector, page = Inspector(omar), omar.page
    page.reload()
    page.get_by_role("link", name="New venue").or_(
        page.get_by_role("link", name="Make the first one")
    ).first.click()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Brussels")  # as the browser's own
    for label, words in (
        ("Name", "Raft"),
        ("Street and number", "Wave 1"),
        ("Town", "Sea"),
        ("Places", "12"),
    ):
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("Country").select_option("BE")
    omar.press("I am there")
    expect(page.get_by_label("Longitude")).to_have_value("-100.54321")
    page.get_by_label("Latitude").fill("50.8467, 4.3525")
    expect(page.get_by_label("Latitude")).to_have_value("50.8467")
    expect(page.get_by_label("Longitude")).to_have_value("4.3525")
    page.get_by_text("Opening hours").click()
    page.get_by_label("Monday, opens").fill("09:00")
    page.get_by_label("Monday, closes").fill("18:00")
    omar.press("Every day as the first")
    inspector.look("the filled form of a venue")
    omar.press("Make this venue")
    expect(omar.headline).to_have_text("Raft")
    expect(page.get_by_role("main")).to_contain_text("Sunday 09:00–18:00")
    inspector.look("a venue")
    omar.press("Make a key")
    expect(page.get_by_text("This is the key.")).to_be_visible()
    inspector.look("a venue with its new key")
    assert "\n".join(inspector.faults) == ""


def organizer_of(database: Database, event_id: str) -> str:
    found: str = database.value(
        "select organizers.slug from public.organizers"
        " inner join public.events on events.organizer_id = organizers.id where events.id = %s",
        [event_id],
    )
    return found
