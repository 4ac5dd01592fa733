"""The main job: from the home page to a paid, confirmed seat; and everything that may come between."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.inbox import Inbox
from tests.browser.visitor import HELD, Visitor
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import list_event, some_email
from tests.sql.events import venue
from tests.waiting import eventually

PASSWORD = "correct horse battery"
EVENING = datetime.now(ZoneInfo("Europe/Brussels")).replace(
    hour=20, minute=0, second=0, microsecond=0
) + timedelta(days=9)


def test_from_the_home_page_to_a_confirmed_seat(
    visitor: Visitor, visitors: Visitors, inbox: Inbox, database: Database
) -> None:
    listing = list_event(
        database,
        {"name": "Seat at the table", "price_cents": 1250},
        title="Soup in nine languages",
        seats=12,
        language_code="nl",
        venue_id=venue(database, name="De Ketelhal", city="Ghent", address="Kouter 4", postal_code="9000"),
        starts_at=EVENING,
        ends_at=EVENING + timedelta(hours=2),
    )
    address = some_email("lea")
    page = visitor.page

    # Find it.
    visitor.open("/")
    page.get_by_label("Search events").fill("soup nine")
    page.get_by_role("search").get_by_label("Language").select_option(label="Dutch")
    page.get_by_role("search").get_by_label("City").select_option(label="Ghent")
    visitor.press("Find")
    found = page.get_by_role("main").get_by_role("listitem")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("12 seats left")
    page.get_by_role("link", name="Soup in nine languages").click()
    expect(page.get_by_role("heading", name="Seat at the table")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("€12.50")
    expect(visitor.seats).to_have_text("12 seats left")

    # Sign up, confirm the address, sign in.
    visitor.open("/account/sign-up")
    page.get_by_label("Name", exact=True).fill("Léa Dubois")
    page.get_by_label("E-mail", exact=True).fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Date of birth").fill("1992-04-05")
    page.locator("#native_languages").get_by_label("French", exact=True).check()
    page.locator("#target_languages").get_by_label("Dutch", exact=True).check()
    page.get_by_label("I agree").check()
    visitor.press("Create the account")
    expect(visitor.headline).to_have_text("Look into your mail")
    visitor.open(inbox.link(address, "Confirm your address", "/auth/confirm"))
    visitor.press("Confirm my address")
    page.get_by_text("Léa Dubois").click()
    visitor.press("Sign out")
    visitor.open("/account/sign-in")
    page.get_by_label("E-mail", exact=True).fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Léa Dubois")).to_be_visible()

    # Hold two seats, and see the time run.
    visitor.open_event(listing)
    onlooker = visitors()
    onlooker.open_event(listing)
    page.get_by_role("button", name="One more").click()
    expect(page.locator("[data-quote-amount]")).to_have_text("€25.00")
    visitor.press("Continue")
    expect(visitor.headline).to_have_text("Who is coming?")
    visitor.press("Hold 2 seats")
    expect(visitor.headline).to_have_text(re.compile(r"^Two seats are held for you until \d\d:\d\d\.$"))
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^14:[0-5]\d$"))
    expect(onlooker.seats).to_have_text("10 seats left")

    # Pay, in a window of its own: the order's page turns by itself.
    reference = page.url.rpartition("/")[2]
    with visitor.context.expect_page() as opened:
        page.get_by_role("button", name="Pay €25.00").click(modifiers=["Control"])
    checkout = opened.value
    expect(checkout.get_by_text("TEST", exact=True)).to_be_visible()
    checkout.get_by_role("button", name="Pay €25.00").click()
    expect(visitor.headline).to_have_text("Two seats are yours.")
    expect(checkout.get_by_role("heading", level=1)).to_have_text("Two seats are yours.")

    # Read the mail.
    mail = inbox.mail(address, "Confirmed")["text"]
    for told in (reference, listing.title, f"{EVENING:%A} {EVENING.day} {EVENING:%B} {EVENING.year}"):
        assert told in mail
    for told in ("20:00–22:00", "Brussels time", "De Ketelhal", "Kouter 4", "9000 Ghent", "€25.00"):
        assert told in mail


def test_a_declined_card_keeps_the_hold(visitor: Visitor, database: Database) -> None:
    path = visitor.hold(list_event(database), 2, some_email())
    visitor.press("Pay")
    visitor.press("Decline the card")
    expect(visitor.page.get_by_role("alert")).to_contain_text("Your card was declined.")
    visitor.page.get_by_role("link", name="Leave without paying").click()
    expect(visitor.page).to_have_url(visitor.site + path)
    expect(visitor.headline).to_have_text(HELD)
    expect(visitor.page.get_by_role("alert")).to_contain_text(
        "The payment did not go through. No money was taken, and your seats are still held."
    )
    visitor.press("Try again")
    visitor.press("Pay €30.00")
    expect(visitor.headline).to_have_text("Two seats are yours.")


def test_a_hold_that_lapses_gives_the_seats_back(
    visitor: Visitor, visitors: Visitors, stripe: Sandbox, database: Database
) -> None:
    listing = list_event(database, seats=5)
    onlooker = visitors()
    onlooker.open_event(listing)
    path = visitor.hold(listing, 2, some_email())
    expect(onlooker.seats).to_have_text("3 seats left")
    visitor.press("Pay")
    session = session_of(visitor)
    visitor.open(path)
    database.move_clock(timedelta(minutes=15))
    expect(visitor.headline).to_have_text("The time to pay is over.")
    expect(onlooker.seats).to_have_text("5 seats left")
    eventually(lambda: stripe.session(session)["status"] == "expired")
    visitor.page.get_by_role("link", name="Look for seats again").click()
    expect(visitor.seats).to_have_text("5 seats left")


def test_a_free_seat_is_confirmed_at_once(visitor: Visitor, inbox: Inbox, database: Database) -> None:
    listing = list_event(database, {"price_cents": 0}, title="Slow miles")
    address = some_email()
    visitor.take(listing, address)
    assert len(visitor.requests) == 4
    assert "Free" in inbox.mail(address, "Confirmed: Slow miles")["text"]


def test_two_people_want_the_last_seat(visitors: Visitors, database: Database) -> None:
    listing = list_event(database, seats=1)
    faster, slower = visitors(), visitors(width=390)
    for visitor in (faster, slower):
        visitor.open_event(listing)
        visitor.choose(1)
        visitor.introduce("Gaston", some_email())
    faster.press("Hold")
    expect(faster.headline).to_have_text(HELD)
    slower.press("Hold")
    expect(slower.page.get_by_role("alert")).to_contain_text("Someone was faster: no seats are left.")
    expect(slower.page.get_by_role("alert")).to_be_focused()
    expect(slower.seats).to_have_text("Sold out")


def test_a_payment_that_takes_its_time(visitor: Visitor, stripe: Sandbox, database: Database) -> None:
    visitor.hold(list_event(database), 1, some_email())
    visitor.press("Pay")
    session = session_of(visitor)
    visitor.press("Pay by bank debit, succeeds later")
    expect(visitor.headline).to_have_text("Your payment is under way")
    stripe.settle(stripe.session(session)["payment_intent"], succeeds=True)
    expect(visitor.headline).to_have_text("One seat is yours.")


def session_of(visitor: Visitor) -> str:
    """Which session of Stripe the Checkout page before a visitor belongs to."""
    expect(visitor.page).to_have_url(re.compile(r"/c/pay/"))
    return visitor.page.url.rpartition("/")[2]
