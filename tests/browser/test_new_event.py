"""How short the way is from the home page to an event on show, and what is seen before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.database import Database, Person
from tests.selling import list_event
from tests.sql.events import organizer

NEXT_YEAR = datetime.now().year + 1


@pytest.fixture
def omar(at_home: Callable[[Person], Visitor], database: Database) -> Visitor:
    return at_home(database.sign_up("Omar"))


def test_a_new_account_puts_an_event_on_show_with_five_fields_and_three_clicks(omar: Visitor) -> None:
    omar.open("/")
    page, main = omar.page, omar.page.get_by_role("main")
    page.get_by_role("link", name="Sell tickets").first.click()
    page.get_by_label("Name").fill("Woodcut Mornings")
    main.get_by_role("button", name="Make the team").click()
    expect(omar.headline).to_have_text("New event")
    page.get_by_label("Title").fill("Setting type by hand")
    page.get_by_label("Start").fill(f"{NEXT_YEAR}-05-12T19:00")
    page.get_by_label("Price of a seat").fill("40")
    page.get_by_label("Seats").fill("12")
    main.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("“Setting type by hand” is on show.")).to_be_visible()
    page.get_by_role("link", name="See its page").click()
    expect(page.get_by_text("12 seats left").first).to_be_visible()


def test_what_buyers_will_pay_is_shown_while_a_price_is_typed(
    at_home: Callable[[Person], Visitor], database: Database
) -> None:
    person = database.sign_up("Omar")
    team = organizer(database, owner=person)
    listing = list_event(database, organizer_id=team)
    slug = database.value("select slug from public.organizers where id = %s", [team])
    omar = at_home(person)
    omar.open(f"/manage/{slug}/events/{listing.id}/ticket-types/new")
    page, panel = omar.page, omar.page.locator("[data-preview-panel]")
    page.get_by_label("Price of a seat").fill("20")
    expect(panel).to_contain_text("€60.00")
    page.locator("[name=early_bird_price]").fill("15,50")
    expect(panel).to_contain_text("as soon as the prices are complete")
    until = datetime.now() + timedelta(days=2)
    page.locator("[name=early_bird_until]").fill(f"{until:%Y-%m-%dT%H:%M}")
    expect(panel).to_contain_text("€15.50")
    expect(panel).to_contain_text("€20.00")


def test_an_end_keeps_its_distance_when_its_start_is_moved(
    at_home: Callable[[Person], Visitor], database: Database
) -> None:
    person = database.sign_up("Omar")
    team = organizer(database, owner=person)
    listing = list_event(database, organizer_id=team)
    slug = database.value("select slug from public.organizers where id = %s", [team])
    omar = at_home(person)
    omar.open(f"/manage/{slug}/events/{listing.id}/edit")
    omar.page.get_by_label("Start").fill(f"{NEXT_YEAR}-05-12T23:00")
    omar.page.get_by_label("Start").blur()
    expect(omar.page.get_by_label("End")).to_have_value(f"{NEXT_YEAR}-05-13T01:00")


def test_a_form_outlives_its_session_and_is_forgotten_once_the_event_is_made(
    at_home: Callable[[Person], Visitor], database: Database
) -> None:
    person = database.sign_up("Omar")
    slug = database.value(
        "select slug from public.organizers where id = %s", [organizer(database, owner=person)]
    )
    omar = at_home(person)
    page, session = omar.page, omar.context.cookies()
    omar.open(f"/manage/{slug}/events/new")
    page.get_by_label("Title").fill("Setting type by hand")
    page.get_by_label("Start").fill(f"{NEXT_YEAR}-05-12T19:00")
    page.get_by_label("Price of a seat").fill("40")
    page.get_by_label("Seats").fill("12")
    page.locator("#language").select_option("nl")
    omar.context.clear_cookies(name="guichet")
    omar.press("Keep as a draft")
    expect(page.get_by_text("You were signed out meanwhile.")).to_be_visible()
    omar.context.add_cookies([cookie for cookie in session if cookie["name"] == "guichet"])  # type: ignore[misc]
    page.reload()
    expect(omar.headline).to_have_text("New event")
    expect(page.get_by_label("Title")).to_have_value("Setting type by hand")
    expect(page.locator("#language")).to_have_value("nl")
    expect(page.get_by_text("This browser kept what you typed here")).to_be_visible()
    omar.press("Keep as a draft")
    expect(page.get_by_text("Kept as a draft.")).to_be_visible()
    omar.open(f"/manage/{slug}/events/new")
    expect(page.get_by_label("Title")).to_have_value("")


def test_an_edit_is_put_back_while_nobody_else_has_changed_the_event(
    at_home: Callable[[Person], Visitor], database: Database
) -> None:
    person = database.sign_up("Omar")
    team = organizer(database, owner=person)
    listing = list_event(database, organizer_id=team)
    slug = database.value("select slug from public.organizers where id = %s", [team])
    omar = at_home(person)
    form = f"/manage/{slug}/events/{listing.id}/edit"
    title = omar.page.get_by_label("Title")
    omar.open(form)
    title.fill("Bread at dawn")
    omar.open(form)
    expect(title).to_have_value("Bread at dawn")
    database.rows(
        "update public.events set title = 'Bread at noon', revision = revision + 1 where id = %s",
        [listing.id],
    )
    omar.open(form)
    expect(title).to_have_value("Bread at noon")
