"""What scripts add to the second half of an order's life."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.database import Database
from tests.selling import list_event

KEPT = "() => localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('draft:')))"
AGE = """() => {
  const key = Object.keys(localStorage).find((key) => key.startsWith("draft:"));
  const draft = JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify({ ...draft, until: Date.now() - 1 }));
}"""


def test_what_comes_back_follows_the_seats_that_are_ticked(signed_in: Visitor, database: Database) -> None:
    page = signed_in.page
    signed_in.hold(list_event(database, {"group_min_quantity": 3, "group_percent": 20}), 3)
    signed_in.pay()
    page.get_by_role("link", name="Cancel seats").click()
    back, seats = page.locator(".total__amount"), page.get_by_role("checkbox")
    expect(back).to_have_text("€36.00")
    expect(page.get_by_role("button", name="Show what comes back")).to_have_count(0)
    seats.nth(0).uncheck()
    seats.nth(2).uncheck()
    expect(back).to_have_text("€6.00")
    expect(page.get_by_role("status").get_by_text("1 seat: €6.00 comes back.")).to_have_count(1)
    seats.nth(1).uncheck()
    expect(page.get_by_text("Choose at least one seat, and what comes back")).to_be_visible()
    seats.nth(1).check()
    signed_in.press("Cancel 1 seat")
    expect(signed_in.headline).to_have_text("Two seats are yours.")
    expect(page.get_by_text("Given back").first).to_be_visible()


def test_what_was_typed_is_kept_and_forgotten_once_ordered(visitor: Visitor, database: Database) -> None:
    page, listing = visitor.page, list_event(database, asks_phone=True)
    form = f"/events/{listing.slug}/orders/new?quantity[{listing.ticket_type}]=2"
    note = page.get_by_text("This browser kept what you typed here")
    visitor.open(form)
    expect(note).to_be_hidden()
    visitor.introduce("Gaston Leblanc", "gaston@example.org")
    page.locator("#buyer_phone").fill("+32 470 00 00 00")
    page.locator("[id$='-name']").last.fill("Léa")
    visitor.open(form)
    expect(note).to_be_visible()
    expect(page.locator("#buyer_name")).to_have_value("Gaston Leblanc")
    expect(page.locator("[id$='-name']").last).to_have_value("Léa")
    expect(page.locator("#buyer_phone")).to_have_value("")
    assert "470" not in page.evaluate(KEPT)
    page.locator("#buyer_phone").fill("+32 470 00 00 00")
    visitor.press("Hold 2 seats")
    page.wait_for_url(re.compile("/orders/GC"))
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('draft:'))")


def test_a_draft_is_over_after_an_hour_or_when_told(visitor: Visitor, database: Database) -> None:
    page, listing = visitor.page, list_event(database)
    name = page.locator("#buyer_name")
    visitor.open(f"/events/{listing.slug}/orders/new?quantity[{listing.ticket_type}]=1")
    name.fill("Gaston")
    page.evaluate(AGE)
    page.reload()
    expect(name).to_have_value("")
    name.fill("Gaston")
    page.reload()
    expect(name).to_have_value("Gaston")
    visitor.press("Forget it")
    expect(name).to_have_value("")
    page.reload()
    expect(name).to_have_value("")
