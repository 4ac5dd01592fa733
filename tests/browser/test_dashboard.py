"""An event in numbers, while others buy."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.database import Database, Person
from tests.selling import Listing, list_event, some_email
from tests.sql.events import organizer


@pytest.fixture
def owner(database: Database) -> Person:
    return database.sign_up("Omar")


@pytest.fixture
def team(database: Database, owner: Person) -> uuid.UUID:
    return organizer(database, owner=owner)


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, {"price_cents": 0}, seats=4, organizer_id=team)


@pytest.fixture
def omar(
    at_home: Callable[[Person], Visitor], database: Database, owner: Person, team: uuid.UUID, listing: Listing
) -> Visitor:
    """Omar, before his event's numbers."""
    visitor = at_home(owner)
    slug = database.value("select slug from public.organizers where id = %s", [team])
    visitor.page.clock.install()
    visitor.open(f"/manage/{slug}/events/{listing.id}")
    return visitor


def figure(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(".figure").filter(has=visitor.page.get_by_text(name, exact=True))


def buy(visitor: Visitor, listing: Listing) -> None:
    visitor.open_event(listing)
    visitor.choose(1)
    visitor.introduce("Gaston", some_email())
    visitor.press("Take 1 seat")
    expect(visitor.headline).to_have_text("One seat is yours.")


def test_numbers_move_without_a_reload(visitor: Visitor, omar: Visitor, listing: Listing) -> None:
    expect(figure(omar, "Sold")).to_contain_text("of 4, 0% full")
    expect(omar.page.get_by_text("Sales will be drawn here")).to_be_visible()
    buy(visitor, listing)
    omar.page.clock.run_for(2_000)
    expect(figure(omar, "Sold")).to_contain_text("of 4, 25% full")
    expect(figure(omar, "Left")).to_contain_text("3")
    expect(omar.page.get_by_role("row").filter(has_text="Gaston")).to_have_count(1)
    expect(omar.page.get_by_role("status").filter(has_text="1 of 4 seats sold")).to_have_count(1)
    expect(omar.page.get_by_role("img", name=re.compile("1 in all"))).to_be_visible()
    omar.page.get_by_text("The same as a table").click()
    buy(visitor, listing)
    omar.page.clock.run_for(2_000)
    expect(omar.page.get_by_role("img", name=re.compile("2 in all"))).to_be_visible()
    expect(omar.page.get_by_role("table", name="Seats sold per day")).to_be_visible()  # it stayed open


def test_without_realtime_the_numbers_are_asked_for(
    visitor: Visitor, omar: Visitor, listing: Listing
) -> None:
    omar.page.route_web_socket("**/realtime/**", lambda socket: socket.close())
    omar.page.reload()
    buy(visitor, listing)
    expect(figure(omar, "Sold")).to_contain_text("of 4, 0% full")
    omar.page.clock.fast_forward(16_000)
    expect(figure(omar, "Sold")).to_contain_text("of 4, 25% full")
