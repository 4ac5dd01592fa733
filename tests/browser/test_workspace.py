"""A team runs everything from its own pages: from a new account to a sold seat and the door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.inbox import Inbox
from tests.browser.visitor import HELD, Visitor
from tests.database import Database, Person
from tests.selling import some_email
from tests.sql.events import venue

IN_SPRING = datetime.now().replace(month=5, day=12, hour=19, minute=0) + timedelta(days=365)
MINUTES = "%Y-%m-%dT%H:%M"


def save(visitor: Visitor, button: str, **fields: str) -> None:
    """Fill a form in by the names of its fields, and press one of its buttons."""
    for name, value in fields.items():
        field = visitor.page.locator(f"main [name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value) if value != "" else field.select_option(value)
        else:
            field.fill(value)
    visitor.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def go(visitor: Visitor, place: str, within: str = "Workspace") -> None:
    """Follow a link of the rail, or of the tabs of what is open."""
    visitor.page.get_by_role("navigation", name=within).get_by_role("link", name=place, exact=True).click()


def test_from_a_new_account_to_a_sold_seat_and_the_door(
    at_home: Callable[[Person], Visitor], visitors: Visitors, inbox: Inbox, database: Database
) -> None:
    venue(database, name="The Type Loft", city="Ghent", capacity=20)
    omar = at_home(database.sign_up("Omar"))
    omar.open("/")
    omar.page.get_by_role("link", name="Sell tickets").first.click()
    save(omar, "Make the team", name="Letterpress Evenings")
    expect(omar.page.get_by_text("Letterpress Evenings is ready.")).to_be_visible()

    # A manager by mail, who sees the team at once.
    marie_address = some_email("marie")
    go(omar, "Settings")
    go(omar, "Team", within="Settings")
    save(omar, "Send the invitation", email=marie_address)
    marie = at_home(database.sign_up("Marie", email=marie_address))
    marie.open(inbox.link(marie_address, "", "/invitations/"))
    marie.press("Join")
    expect(marie.page.get_by_role("navigation", name="Workspace")).to_contain_text("Letterpress Evenings")

    # A venue of the team's own.
    go(omar, "Venues")
    omar.page.get_by_role("link", name="Make the first one").click()
    save(
        omar,
        "Make this venue",
        name="La Casse",
        address="Rue Haute 9",
        postal_code="1000",
        city="Brussels",
        country="Belgium",
        timezone="Europe/Brussels",
        capacity="12",
    )
    expect(omar.headline).to_have_text("La Casse")

    # A masterclass with early-bird and group prices, in two cities.
    go(omar, "Events")
    omar.page.get_by_role("link", name="Make the first one").click()
    save(
        omar,
        "Keep as a draft",
        title="Cold type before dawn",
        starts_at=IN_SPRING.strftime(MINUTES),
        venue_id="La Casse, 12 places",
        price="40",
    )
    go(omar, "Tickets", within="Cold type before dawn")
    omar.page.locator("td a").first.click()
    save(
        omar,
        "Save",
        early_bird_price="30",
        early_bird_until=(IN_SPRING - timedelta(days=60)).strftime(MINUTES),
        group_min_quantity="4",
        group_percent="10",
    )
    omar.press("Publish")
    go(omar, "Details", within="Cold type before dawn")
    omar.page.get_by_role("link", name="More dates and places").click()
    omar.page.locator("[name=starts]").first.fill((IN_SPRING + timedelta(days=7)).strftime(MINUTES))
    omar.page.get_by_label("Ghent, The Type Loft").check()
    save(omar, "Publish all")
    expect(omar.page.get_by_text("2 events are made.")).to_be_visible()
    expect(omar.page.get_by_role("row", name=re.compile("Cold type before dawn"))).to_have_count(3)

    # The dashboard moves while somebody buys.
    omar.page.get_by_role("link", name="Cold type before dawn").first.click()
    go(omar, "Overview", within="Cold type before dawn")
    buyer = visitors()
    buyer.open("/?q=cold+type+before+dawn")
    buyer.page.get_by_role("link", name="Cold type before dawn").first.click()
    buyer.choose(2)
    buyer.introduce("Gaston", some_email())
    buyer.press("Hold")
    expect(buyer.headline).to_have_text(HELD)
    buyer.pay()
    expect(buyer.headline).to_have_text("Two seats are yours.")
    figures = omar.page.locator(".figures")
    expect(figures).to_contain_text("€60")

    # The door sees who comes today, and nothing of money or teams.
    dora_address = some_email("dora")
    go(omar, "Settings")
    go(omar, "Team", within="Settings")
    omar.page.get_by_role("radio", name=re.compile("^Door")).check()
    save(omar, "Send the invitation", email=dora_address)
    dora = at_home(database.sign_up("Dora", email=dora_address))
    dora.open(inbox.link(dora_address, "", "/invitations/"))
    dora.press("Join")
    places = dora.page.get_by_role("navigation", name="Workspace").get_by_role("listitem")
    expect(places).to_have_text(["Events", "Venues", "Settings"])
    for path in ("orders", "team"):
        dora.open(f"/manage/letterpress-evenings/{path}")
        expect(dora.headline).to_have_text("This is not open to you.")
