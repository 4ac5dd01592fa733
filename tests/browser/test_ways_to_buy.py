"""The same purchase by other means: without an account, without scripts, without a mouse, in French."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visitors
from tests.browser.inbox import Inbox
from tests.browser.visitor import Visitor
from tests.database import Database
from tests.selling import list_event, some_email


def test_a_guest_comes_back_by_the_link_in_the_mail(
    visitor: Visitor, visitors: Visitors, inbox: Inbox, database: Database
) -> None:
    address = some_email()
    path = visitor.hold(list_event(database), 2, address)
    stranger = visitors()
    stranger.open(path)
    expect(stranger.headline).to_have_text("There is nothing at this address.")
    visitor.pay()
    expect(visitor.headline).to_have_text("Two seats are yours.")
    elsewhere = visitors(width=390)
    elsewhere.open(inbox.link(address, "Confirmed", f"{path}/access?key="))
    expect(elsewhere.page).to_have_url(elsewhere.site + path)
    expect(elsewhere.headline).to_have_text("Two seats are yours.")


def test_without_scripts_a_purchase_is_five_requests(
    visitors: Visitors, inbox: Inbox, database: Database
) -> None:
    visitor = visitors(width=390, java_script_enabled=False)
    listing, address = list_event(database), some_email()
    path = visitor.hold(listing, 2, address)
    visitor.press("Pay")
    expect(visitor.page.get_by_text("This is a sandbox")).to_be_visible()
    assert visitor.requests == [
        f"GET /events/{listing.slug}",
        f"GET /events/{listing.slug}/orders/new",
        f"POST /events/{listing.slug}/orders",
        f"GET {path}",
        f"POST {path}/checkout",
    ]
    visitor.press("Pay €30.00")
    expect(visitor.headline).to_have_text("Two seats are yours.")
    assert "€30.00" in inbox.mail(address, "Confirmed")["text"]


def test_with_the_keyboard_alone(visitor: Visitor, database: Database) -> None:
    listing = list_event(database, title="Needles and threads")
    page, keys = visitor.page, visitor.page.keyboard
    visitor.open("/")
    reach(visitor, page.get_by_label("Search events"))
    keys.type("needles threads")
    keys.press("Enter")
    reach(visitor, page.get_by_role("link", name=listing.title))
    keys.press("Enter")
    page.wait_for_url("**/events/*")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    reach(visitor, page.get_by_role("spinbutton"))
    keys.press("ArrowUp")
    expect(page.get_by_role("spinbutton")).to_have_value("2")
    reach(visitor, page.get_by_role("button", name="Continue"))
    keys.press("Enter")
    reach(visitor, page.get_by_label("Name", exact=True).first)
    keys.type("Gaston")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_label("E-mail", exact=True).first).to_be_focused()
    keys.type(some_email())
    reach(visitor, page.get_by_role("button", name="Hold 2 seats"))
    keys.press("Enter")
    reach(visitor, page.get_by_role("button", name="Pay €30.00"))
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/c/pay/"))
    reach(visitor, page.get_by_role("button", name="Pay €30.00"))
    keys.press("Enter")
    expect(visitor.headline).to_have_text("Two seats are yours.")


def test_what_is_wrong_is_said_once_and_the_price_stays_in_sight(
    visitor: Visitor, database: Database
) -> None:
    listing = list_event(database)
    page, total = visitor.page, visitor.page.locator("[data-quote-amount]")
    unknown = page.locator("main :not(.unseen)").get_by_text(
        "We do not know this code for this event.", exact=True
    )
    visitor.open(f"/events/{listing.slug}?code=NOPE")
    expect(page.get_by_label("Code")).to_be_focused()
    expect(unknown).to_have_count(1)
    expect(total).to_have_text("€15.00")
    seats = page.get_by_role("spinbutton").first
    seats.fill("2")
    expect(total).to_have_text("€30.00")
    expect(unknown).to_have_count(1)
    seats.fill("11")
    expect(total).to_have_text("–")
    expect(seats).to_have_accessible_description("Please choose between 1 and 10 of these tickets.")
    seats.fill("3")
    expect(total).to_have_text("€45.00")
    expect(seats).to_have_accessible_description("")
    visitor.complaints.clear()  # the browser noted down, as it should, that prices were refused


def test_what_is_wrong_about_a_seat_names_the_seat(visitor: Visitor, database: Database) -> None:
    visitor.open_event(list_event(database))
    visitor.choose(3)
    visitor.introduce("Gaston", some_email())
    visitor.page.get_by_label("E-mail").last.fill("max@")
    visitor.press("Hold")
    wrong = "Seat 3, E-mail – This does not look like an e-mail address."
    expect(visitor.page.get_by_role("alert").get_by_role("link")).to_have_text(wrong)


def test_in_french(visitors: Visitors, inbox: Inbox, database: Database) -> None:
    visitor = visitors(width=390, locale="fr-FR")
    listing, address = list_event(database, title="Le pain d’avant l’aube", language_code="en"), some_email()
    page = visitor.page
    visitor.open("/")
    expect(visitor.headline).to_have_text("À l’affiche")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    visitor.open_event(listing)
    expect(visitor.seats).to_have_text("20 places libres")
    expect(page.locator("[data-quote-amount]")).to_have_text("15,00 €")
    expect(page.get_by_text("Anglais", exact=True)).to_be_visible()
    visitor.press("Continuer")
    page.get_by_label("Nom", exact=True).fill("Gaston")
    visitor.press("Garder 1 place")
    expect(page.get_by_role("alert")).to_contain_text(
        "Ceci ne ressemble pas à une adresse e-\N{WORD JOINER}mail."
    )
    page.get_by_label("E-mail", exact=True).fill(address)
    visitor.press("Garder 1 place")
    expect(visitor.headline).to_have_text(re.compile(r"^Une place est gardée pour vous jusqu’à \d\d:\d\d\.$"))
    visitor.press("Payer")
    visitor.press("Pay €15.00")
    expect(visitor.headline).to_have_text("Une place est à vous.")
    mail = inbox.mail(address, "Commande confirmée")["text"]
    assert "Votre place est confirmée." in mail
    assert "15,00\N{NO-BREAK SPACE}€" in mail
    page.get_by_role("link", name="EN", exact=True).click()
    expect(visitor.headline).to_have_text("One seat is yours.")


def reach(visitor: Visitor, target: Locator) -> None:
    """Press Tab until it has the focus."""
    expect(target).to_be_visible()
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")
