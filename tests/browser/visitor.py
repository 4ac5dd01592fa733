"""One person at a browser: what they do in the shop, and whether its pages stayed in order meanwhile."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Locator, Page, Request, Response, expect

from tests.selling import Listing

HELD = re.compile(r"(is|are) held for you until \d\d:\d\d\.$")


class Visitor:
    """Goes through the shop in one window; `requests` are the pages and forms asked of the shop itself."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context = context
        self.site = site
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.on("request", self._count)
        context.on("response", self._judge)
        context.on("console", lambda message: self._hear(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = context.new_page()

    def open(self, path: str) -> None:
        """Leave the page before them once its scripts have run, as slow as they may come, for another."""
        self.page.wait_for_load_state("domcontentloaded")
        self.page.goto(path, wait_until="domcontentloaded")

    def open_event(self, listing: Listing) -> None:
        self.open(f"/events/{listing.slug}")

    def choose(self, seats: int) -> None:
        """Say how many seats of the first ticket type, and go on to the form."""
        self.page.get_by_role("spinbutton").first.fill(str(seats))
        self.press("Continue")

    def introduce(self, name: str, email: str) -> None:
        """Tell who is buying."""
        self.page.get_by_label("Name", exact=True).first.fill(name)
        self.page.get_by_label("E-mail", exact=True).first.fill(email)

    def hold(self, listing: Listing, seats: int, email: str | None = None) -> str:
        """From the event's page to held seats, as a guest if given an address. Returns the order's path."""
        self.open_event(listing)
        self.choose(seats)
        if email:
            self.introduce("Gaston", email)
        self.press("Hold")
        expect(self.headline).to_have_text(HELD)
        return self.page.url.removeprefix(self.site)

    def take(self, listing: Listing, email: str) -> None:
        """A seat that costs nothing, as a guest."""
        self.open_event(listing)
        self.choose(1)
        self.introduce("Gaston", email)
        self.press("Take 1 seat")
        expect(self.headline).to_have_text("One seat is yours.")

    def pay(self) -> None:
        """From the held seats through Stripe's page and back."""
        self.press("Pay")
        self.press("Pay €")

    def press(self, name: str) -> None:
        """The first button whose name begins so."""
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()

    @property
    def headline(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def seats(self) -> Locator:
        """How many seats the event's page says are left of its first ticket type."""
        return self.page.locator("[data-seats]").first

    def _count(self, request: Request) -> None:
        if request.is_navigation_request() and request.url.startswith(self.site):
            self.requests.append(f"{request.method} {request.url.removeprefix(self.site).partition('?')[0]}")

    def _judge(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"{response.status} {response.url}")

    def _hear(self, kind: str, text: str) -> None:
        # A refusal is an answer with a status of its own, which browsers note down as well.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.complaints.append(text)
