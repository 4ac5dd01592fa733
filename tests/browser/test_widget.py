"""An event's tickets on another site: framed, as high as they are, with a button that leads out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitors
from tests.browser.visitor import Visitor
from tests.database import Database
from tests.selling import Listing, list_event, some_email

HOST = """<!doctype html>
<html lang="{language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Bakery</title>
  </head>
  <body>
    <h1>The bakery’s own site</h1>
    <script async src="{site}/widget.js" data-event="{event}" data-title="Tickets for bread"></script>
    <noscript><a href="{site}/events/{event}">Bread before dawn</a></noscript>
    <script>
      // Somebody else's word, which must not count.
      addEventListener("load", () => postMessage({{ guichet: {{ height: 4000 }} }}, "*"));
    </script>
  </body>
</html>"""


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """Another site, on an origin of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def listing(database: Database) -> Listing:
    return list_event(database, {"name": "Standard"}, {"name": "Balcony", "price_cents": 900}, seats=4)


def embed(folder: Path, site: str, event: str, language: str = "en") -> None:
    (folder / "index.html").write_text(HOST.format(site=site, event=event, language=language))


@pytest.mark.parametrize("width", [390, 1280])
def test_tickets_on_another_site_lead_to_the_events_page(
    visitors: Visitors, host: str, tmp_path: Path, site: str, listing: Listing, width: int
) -> None:
    embed(tmp_path, site, listing.slug)
    reader = visitors(width=width)
    reader.open(host)
    frame = reader.page.frame_locator("iframe[title='Tickets for bread']")
    expect(frame.get_by_role("heading", level=1)).to_have_text(listing.title)
    expect(frame.get_by_text("4 seats left").first).to_be_visible()
    element = reader.page.locator("iframe")
    expect(element).not_to_have_css("height", "384px")  # as high as its content, not as it began
    content = frame.locator("html").evaluate("html => html.offsetHeight")
    assert element.evaluate("frame => frame.clientHeight") == content
    assert frame.locator("html").evaluate("html => html.scrollWidth <= innerWidth")
    frame.get_by_role("link", name="Get tickets").click()
    reader.page.wait_for_url(f"{site}/events/{listing.slug}#tickets")
    reader.choose(1)
    expect(reader.headline).to_have_text("Who is coming?")


def test_seats_in_the_frame_follow_what_is_left(
    visitors: Visitors, visitor: Visitor, host: str, tmp_path: Path, site: str, listing: Listing
) -> None:
    embed(tmp_path, site, listing.slug)
    reader = visitors()
    reader.page.clock.install()
    reader.open(host)
    frame = reader.page.frame_locator("iframe")
    expect(frame.locator("[data-seats]").first).to_have_text("4 seats left")
    visitor.hold(listing, 3, some_email())
    reader.page.clock.fast_forward(20_000)
    expect(frame.locator("[data-seats]").first).to_have_text("1 seat left")


def test_the_frame_speaks_the_language_of_the_page_around(
    visitors: Visitors, host: str, tmp_path: Path, site: str, listing: Listing
) -> None:
    embed(tmp_path, site, listing.slug, language="fr-BE")
    reader = visitors()
    reader.open(host)
    frame = reader.page.frame_locator("iframe")
    expect(frame.get_by_role("link", name="Prendre des billets")).to_be_visible()


def test_without_scripts_a_link_is_there(
    visitors: Visitors, host: str, tmp_path: Path, site: str, listing: Listing
) -> None:
    embed(tmp_path, site, listing.slug)
    reader = visitors(java_script_enabled=False)
    reader.open(host)
    reader.page.get_by_role("link", name=listing.title).click()
    expect(reader.headline).to_have_text(listing.title)


def test_no_other_page_shows_in_a_frame(
    visitors: Visitors, host: str, tmp_path: Path, site: str, listing: Listing
) -> None:
    page = f'<!doctype html><title>Trap</title><iframe src="{site}/events/{listing.slug}"></iframe>'
    (tmp_path / "index.html").write_text(page)
    reader = visitors()
    with reader.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        reader.open(host)
    assert listing.title not in reader.page.frames[1].content()
    reader.complaints.clear()  # the browser said, as it should, that it refused
