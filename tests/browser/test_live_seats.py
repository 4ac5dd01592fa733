"""Seats left on the page of an event, while others buy and give back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.visitor import Visitor
from tests.database import Database
from tests.selling import list_event, some_email


def test_seats_change_in_place_and_are_never_offered_beyond_what_is_left(
    visitor: Visitor, visitors: Visitors, database: Database
) -> None:
    listing = list_event(database, seats=4)
    onlooker = visitors()
    onlooker.open_event(listing)
    expect(onlooker.seats).to_have_text("4 seats left")
    visitor.hold(listing, 3, some_email())
    expect(onlooker.seats).to_have_text("1 seat left")
    expect(onlooker.page.get_by_role("button", name="One more")).to_be_disabled()
    visitor.press("Give the seats back")
    expect(visitor.headline).to_have_text("This order is cancelled.")
    expect(onlooker.seats).to_have_text("4 seats left")
    expect(onlooker.page.get_by_role("button", name="One more")).to_be_enabled()


def test_a_page_whose_last_seat_goes_says_so_in_place_of_the_choice(
    visitor: Visitor, visitors: Visitors, database: Database
) -> None:
    listing = list_event(database, seats=2)
    onlooker = visitors(width=390)
    onlooker.open_event(listing)
    go_on = onlooker.page.get_by_role("button", name="Continue")
    expect(go_on).to_be_visible()
    visitor.hold(listing, 2, some_email())
    expect(onlooker.page.get_by_text("Someone was faster: no seats are left.")).to_be_visible()
    expect(go_on).to_be_hidden()
    expect(onlooker.page.get_by_text("More seats than are left?")).to_be_hidden()
    expect(onlooker.page.get_by_role("spinbutton")).to_be_hidden()
    visitor.press("Give the seats back")
    expect(go_on).to_be_visible()
    visitor.hold(listing, 2, some_email())
    onlooker.press("Wait in line")
    expect(onlooker.page.get_by_role("main")).to_contain_text("No seats are left.")
    onlooker.press("Wait in line")
    expect(onlooker.headline).not_to_have_text(listing.title)


def test_without_realtime_the_page_asks_now_and_then(
    visitor: Visitor, visitors: Visitors, database: Database
) -> None:
    listing = list_event(database, seats=4)
    onlooker = visitors()
    onlooker.page.route_web_socket("**/realtime/**", lambda socket: socket.close())
    onlooker.page.clock.install()
    onlooker.open_event(listing)
    visitor.hold(listing, 3, some_email())
    expect(onlooker.seats).to_have_text("4 seats left")
    onlooker.page.clock.fast_forward(20_000)
    expect(onlooker.seats).to_have_text("1 seat left")


def test_who_found_the_house_full_is_told_when_seats_come_back(
    visitor: Visitor, visitors: Visitors, database: Database
) -> None:
    listing = list_event(database, seats=1)
    visitor.hold(listing, 1, some_email())
    hopeful = visitors(width=390)
    hopeful.open_event(listing)
    expect(hopeful.page.get_by_role("main")).to_contain_text("No seats are left.")
    expect(hopeful.seats).to_have_text("Sold out")
    visitor.press("Give the seat back")
    expect(hopeful.page.get_by_text("Seats are free again.")).to_be_visible()
    hopeful.press("Choose yours")
    hopeful.choose(1)
    expect(hopeful.headline).to_have_text("Who is coming?")
