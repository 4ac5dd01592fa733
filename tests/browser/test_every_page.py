"""Every page for every reader: nothing that axe finds at WCAG A and AA, light or dark; nothing overflows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.inbox import Inbox
from tests.browser.visitor import HELD, Visitor
from tests.database import Database, Person
from tests.selling import list_event, some_email
from tests.sql.events import organizer, venue

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROWEST, PHONE, DESK = 360, 390, 1280
LISTEN = """() => {
  const night = matchMedia("(prefers-color-scheme: dark)");
  window.heard = new Promise((hear) => night.addEventListener("change", ({ matches }) => matches && hear()));
}"""
RUN = """async (options) => {
  const alike = ".choices__item:nth-child(n + 7)"; // one language to tick is like another
  const { violations } = await axe.run({ exclude: [alike] }, { ...options, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} (${failureSummary})`));
}"""


class Inspector:
    """Looks at the page before a visitor as different readers see it, and writes down what is wrong."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.faults: list[str] = []
        visitor.context.add_init_script(path=AXE)

    def open(self, path: str) -> None:
        self.visitor.open(path)
        self.look(path)

    def look(self, name: str, **rules: Any) -> None:
        """`rules` are axe's, for what is not ours to mend."""
        expect(self.visitor.headline).to_be_visible()
        self.page.wait_for_load_state("load")  # headlines stand before their style sheets have come
        for width in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": 900})
            self._note(f"{name} at {width}", {"type": "tag", "values": WCAG}, rules)
        # Dark pages differ in their colours alone, and colours do not depend on the width.
        self._darken()
        self._note(f"{name}, dark", {"type": "rule", "values": ["color-contrast"]}, {})
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": NARROWEST, "height": 900})
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.faults.append(f"{name} is wider than {NARROWEST} pixels")

    def _darken(self) -> None:
        """Let it be night, and wait until the page's own scripts, who listened before, have heard of it."""
        self.page.evaluate(LISTEN)
        self.page.emulate_media(color_scheme="dark")
        self.page.evaluate("() => window.heard")

    def _note(self, where: str, only: dict[str, Any], rules: dict[str, Any]) -> None:
        found = self.page.evaluate(RUN, {"runOnly": only, "rules": rules})
        self.faults += [f"{where}: {fault}" for fault in found]


@pytest.fixture
def inspector(visitor: Visitor) -> Inspector:
    return Inspector(visitor)


def test_pages_of_the_programme(inspector: Inspector, database: Database) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    on_sale = list_event(
        database,
        {"name": "Early", "early_bird_price_cents": 900, "early_bird_until": tomorrow},
        {"name": "Together", "group_min_quantity": 3, "group_percent": 20, "description": "For groups."},
        {"name": "Later", "sale_starts_at": tomorrow},
        {"name": "Door", "capacity": 1},
        title="Everything that can be on sale, and a title long enough to be broken into lines",
        summary="What it is about.",
        description="## How it goes\n\nBring *bread*.\n\n- [salt](https://example.org)\n\n> Quoted.",
        venue_id=venue(database, name="La Grande Halle de la rue des Quatre-Vents"),
    )
    not_yet = list_event(database, {"sale_starts_at": tomorrow})
    cancelled = list_event(database, status="cancelled")
    free = list_event(database, {"price_cents": 0}, seats=1)
    inspector.open("/")
    inspector.open("/?q=nothing+is+called+so")
    for listing in (on_sale, not_yet, cancelled, free):
        inspector.open(f"/events/{listing.slug}")
    inspector.open(f"/events/{on_sale.slug}/orders/new")
    inspector.open(f"/events/{on_sale.slug}/orders/new?quantity[{on_sale.ticket_types[1]}]=3")
    inspector.visitor.press("Hold")
    inspector.look("the order form with mistakes")
    inspector.visitor.take(free, some_email())
    inspector.open(f"/events/{free.slug}")
    inspector.open("/nowhere")
    assert "\n".join(inspector.faults) == ""


def test_pages_of_an_account(inspector: Inspector, signed_in: Visitor) -> None:
    visitor = inspector.visitor
    inspector.open("/account/sign-up")
    visitor.press("Create the account")
    inspector.look("the sign-up form with mistakes")
    inspector.open("/account/sign-in")
    visitor.page.get_by_role("main").get_by_role("button", name="Sign in").click()
    inspector.look("the sign-in form with mistakes")
    inspector.open("/account/recovery")
    visitor.page.get_by_label("E-mail").fill(some_email())
    visitor.press("Send the mail")
    expect(visitor.headline).to_have_text("Look into your mail")
    inspector.look("the hint to look into one's mail")
    inspector.open("/auth/confirm?token_hash=0123456789abcdef&type=signup")
    at_home = Inspector(signed_in)
    for path in ("/orders", "/account/profile", "/account/password", "/account/erasure"):
        at_home.open(path)
    signed_in.page.get_by_text("Ana").first.click()
    at_home.look("the open menu")
    assert "\n".join(inspector.faults + at_home.faults) == ""


def test_pages_of_an_order(signed_in: Visitor, database: Database) -> None:
    inspector = Inspector(signed_in)
    listing = list_event(database, {"price_cents": 1500, "vat_rate": 21}, venue_id=venue(database))
    path = signed_in.hold(listing, 3)
    inspector.look("held seats")
    inspector.open(f"/events/{listing.slug}")
    signed_in.open(path)
    signed_in.press("Pay")
    signed_in.press("Decline the card")
    inspector.look("Stripe's page after a declined card")
    signed_in.page.get_by_role("link", name="Leave without paying").click()
    expect(signed_in.headline).to_have_text(HELD)
    inspector.look("held seats after a declined card")
    signed_in.press("Try again")
    signed_in.press("Pay €")
    expect(signed_in.headline).to_have_text("Three seats are yours.")
    inspector.look("a confirmed order")
    signed_in.hold(list_event(database), 1)
    signed_in.press("Give the seat back")
    expect(signed_in.headline).to_have_text("This order is cancelled.")
    inspector.look("a cancelled order")
    signed_in.hold(list_event(database), 1)
    database.move_clock(timedelta(minutes=15))
    expect(signed_in.headline).to_have_text("The time to pay is over.")
    inspector.look("a lapsed order")
    inspector.open("/orders")
    assert "\n".join(inspector.faults) == ""


def test_the_description_of_the_api(inspector: Inspector) -> None:
    inspector.visitor.open("/api/docs")
    expect(inspector.page.get_by_role("link", name="/api/v1/languages")).to_be_visible()
    # Swagger UI puts links and buttons of an operation into a button.
    inspector.look("the API's description", **{"nested-interactive": {"enabled": False}})
    assert "\n".join(inspector.faults) == ""


def test_pages_of_a_workspace(at_home: Callable[[Person], Visitor], database: Database) -> None:
    owner = database.sign_up("Omar")
    team = organizer(database, owner=owner)
    hall = venue(database, organizer_id=team)
    listing = list_event(database, organizer_id=team, venue_id=hall)
    omar = at_home(owner)
    reference = omar.hold(listing, 2).rpartition("/")[2]
    inspector = Inspector(omar)
    home = f"/manage/{slug_of(database, 'organizers', team)}"
    event = f"{home}/events/{listing.id}"
    inspector.open("/manage")
    inspector.open("/manage/new")
    for place in (
        "events",
        "orders",
        "attendees",
        "disputes",
        "promotion-codes",
        "venues",
        "settings",
        "team",
        "api-keys",
        "audit",
    ):
        inspector.open(f"{home}/{place}")
    for form in ("events/new", "venues/new", "promotion-codes/new"):
        omar.open(f"{home}/{form}")
        omar.page.locator("main form button[type=submit]").first.click()
        expect(omar.page.get_by_role("alert")).to_be_visible()
        inspector.look(f"{form} with mistakes")
    for side in (
        "",
        "/edit",
        "/ticket-types",
        "/ticket-types/new",
        "/attendees",
        "/waitlist",
        "/series",
        "/orders/new",
        "/cancellation",
    ):
        inspector.open(f"{event}{side}")
    inspector.open(f"{home}/orders/{reference}")
    inspector.open(f"{home}/orders/{reference}/refunds/new")
    inspector.open(f"{home}/venues/{slug_of(database, 'venues', hall)}")
    assert "\n".join(inspector.faults) == ""


def test_pages_of_a_team(
    at_home: Callable[[Person], Visitor], visitor: Visitor, inbox: Inbox, database: Database
) -> None:
    owner, dora = database.sign_up("Omar"), database.sign_up("Dora")
    team = organizer(database, owner=owner, door=dora)
    home = f"/manage/{slug_of(database, 'organizers', team)}"
    omar = at_home(owner)
    inspector = Inspector(omar)
    omar.open(f"{home}/team")
    omar.page.locator("#email").fill(address := some_email())
    omar.press("Send the invitation")
    inspector.look("a team with an invitation")
    inspector.open(f"{home}/team/members/{dora.id}/removal")
    omar.open(f"{home}/api-keys")
    omar.page.locator("#name").fill("Website")
    omar.press("Make the key")
    expect(omar.page.locator("#new-key")).to_have_text(re.compile("^gk_"))
    inspector.look("a new key")
    guest = Inspector(visitor)
    guest.open(inbox.link(address, "", "/invitations/"))
    assert "\n".join(inspector.faults + guest.faults) == ""


def slug_of(database: Database, table: str, row: UUID) -> str:
    return str(database.value(f"select slug from public.{table} where id = %s", [row]))
