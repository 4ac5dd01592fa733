"""What holds on every page: it opens, is protected, keeps nothing of visitors, and speaks two languages."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from blueprints import pages
from local.stack import Stack
from services.models import Input
from tests.application import Browser
from tests.database import Database
from tests.pages.html import Page
from tests.selling import Listing, list_event, sign_in, signed_in
from tests.sql.events import venue

ANYBODYS = (
    "/",
    "/?q=bread&language=fr&city=Brussels",
    "/events/{slug}",
    "/events/{slug}/orders/new?quantity[{ticket_type}]=1",
    "/account/sign-in",
    "/account/sign-up",
    "/account/recovery",
    "/api/docs",
)
ONES_OWN = ("/orders", "/orders/{reference}", "/account/profile", "/account/password")
WITHOUT_FORMS = ("/", "/events/{slug}", "/api/docs")
# Code or style in a page itself; what is told to search engines is neither.
INLINE = r"""<script(?![^>]*(?:\bsrc=|type="application/ld\+json"))|\bstyle=|<style|\son\w+=|javascript:"""


@pytest.fixture
def listing(database: Database) -> Listing:
    place = venue(database, city="Brussels")
    return list_event(
        database, {"description": "With a view"}, venue_id=place, description="# Bread\n\n*Yes*"
    )


def at(path: str, listing: Listing, reference: str = "") -> str:
    return (
        path.replace("{slug}", listing.slug)
        .replace("{ticket_type}", listing.ticket_type)
        .replace("{reference}", reference)
    )


def test_what_forms_ask_for_is_read_in_one_place() -> None:
    """A shape that is made elsewhere answers what is too long with a failure."""
    for found in pkgutil.walk_packages(pages.__path__, "blueprints.pages."):
        module = importlib.import_module(found.name)
        shapes = [
            name
            for name, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, Input)
        ]
        text = inspect.getsource(module)
        assert not [name for name in shapes if f"{name}(" in text or f"{name}.model_validate" in text], (
            found.name
        )


@pytest.mark.parametrize("path", ANYBODYS)
def test_every_open_page_opens(browser: Browser, listing: Listing, path: str) -> None:
    answer = browser.get(at(path, listing))
    assert answer.status_code == 200
    page = Page(answer)
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert page.elements["main"]
    assert_plain(answer)


def test_every_page_opens_for_the_signed_in(
    app: APIFlask, stack: Stack, database: Database, listing: Listing
) -> None:
    ana = database.sign_up("Ana")
    browser = sign_in(Browser(app), stack, ana)
    reference = signed_in(app, stack, ana).hold(listing)["reference"]
    for path in (*ANYBODYS, *ONES_OWN):
        answer = browser.get(at(path, listing, reference), follow_redirects=True)
        assert answer.status_code == 200, path
        assert ana.email in answer.text, path
        assert_plain(answer)


@pytest.mark.parametrize("path", ONES_OWN)
def test_ones_own_pages_ask_a_visitor_to_sign_in_or_are_not_there(
    browser: Browser, listing: Listing, path: str
) -> None:
    answer = browser.get(at(path, listing, "GC2026-000000"))
    if path == "/orders/{reference}":
        assert answer.status_code == 404
    else:
        assert answer.status_code == 303
        assert answer.location.startswith("/account/sign-in")


@pytest.mark.parametrize("path", WITHOUT_FORMS)
def test_pages_without_forms_keep_nothing_of_visitors(browser: Browser, listing: Listing, path: str) -> None:
    answer = browser.get(at(path, listing))
    assert answer.headers.getlist("Set-Cookie") == []
    assert "csrf_token" not in answer.text


def test_personal_pages_are_in_no_shared_cache(
    app: APIFlask, stack: Stack, database: Database, listing: Listing
) -> None:
    ana = database.sign_up("Ana")
    browser = sign_in(Browser(app), stack, ana)
    reference = signed_in(app, stack, ana).hold(listing)["reference"]
    for path in ("/orders", f"/orders/{reference}", f"/orders/{reference}/status", f"/events/{listing.slug}"):
        cache = browser.get(path).headers.get("Cache-Control", "")
        assert "public" not in cache
        assert "no-store" in cache or "private" in cache, path


@pytest.mark.parametrize("path", ["/nowhere", "/events/nothing-here", "/orders/GC2026-000000", "/events/%00"])
def test_what_is_not_there_has_a_page_that_says_so(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code in {404, 422}
    assert answer.headers["X-Request-Id"] in answer.text
    assert_plain(answer)


@pytest.mark.parametrize("how", [{"status": "draft"}, {"status": "awaiting_payment"}])
def test_what_is_not_published_has_no_page(browser: Browser, database: Database, how: dict[str, str]) -> None:
    hidden = list_event(database, **how)  # type: ignore[arg-type]
    for path in ("/events/{slug}", "/events/{slug}/orders/new?quantity[{ticket_type}]=1"):
        assert browser.get(at(path, hidden)).status_code == 404


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"status": "cancelled"}, "This event is cancelled."),
        ({"starts_in": -timedelta(hours=1)}, "Ticket sale has ended."),
    ],
)
def test_an_event_that_is_over_says_so_and_sells_nothing(
    browser: Browser, database: Database, how: dict[str, Any], words: str
) -> None:
    page = Page(browser.get(f"/events/{list_event(database, **how).slug}"))
    assert words in page.words
    assert not [form for form in page.forms if form.action.endswith("/orders/new")]


@pytest.mark.parametrize(
    "query",
    ["language=french", "from=never", "limit=7", "page=-1", "x=y", "q=", "city=&language=", "q=%00", "q=%"],
)
def test_filters_that_make_no_sense_are_left_out(browser: Browser, query: str) -> None:
    assert browser.get(f"/?{query}").status_code in {200, 422}


def test_a_search_keeps_what_was_asked_for_and_says_when_nothing_was_found(browser: Browser) -> None:
    page = Page(browser.get("/?q=zyzzyva&language=fr"))
    assert page.elements["q"]["value"] == "zyzzyva"
    assert not [link for link in page.links() if link.startswith("/events/")]
    assert page.form("/").method == "get"


def test_pages_speak_the_language_that_is_chosen(browser: Browser, listing: Listing) -> None:
    assert '<html lang="en"' in browser.get("/").text
    answer = browser.get("/language/fr?next=/account/sign-in")
    assert (answer.status_code, answer.location) == (303, "/account/sign-in")
    french = browser.get("/account/sign-in").text
    assert '<html lang="fr"' in french
    assert "Mot de passe" in french
    assert browser.get("/language/fr?next=https://elsewhere.example/").location == "/"
    assert browser.get("/language/xx").status_code == 404


def test_the_browsers_language_is_spoken_unless_another_is_chosen(browser: Browser) -> None:
    french = {"Accept-Language": "fr-BE,fr;q=0.9"}
    assert '<html lang="fr"' in browser.get("/", headers=french).text
    browser.get("/language/en")
    assert '<html lang="en"' in browser.get("/", headers=french).text


def test_scripts_get_quotes_seats_and_states(app: APIFlask, database: Database, browser: Browser) -> None:
    listing = list_event(database)
    seats = browser.get(f"/events/{listing.id}/availability").get_json()
    assert (seats["left"], seats["capacity"]) == (20, 20)
    quote = browser.get(f"/events/{listing.id}/quote?quantity[{listing.ticket_type}]=2").get_json()
    assert quote["total_cents"] == 3000
    for path in ("quote", f"quote?quantity[{listing.ticket_type}]=11", "quote?quantity[x]=2"):
        refused = browser.get(f"/events/{listing.id}/{path}", headers={"Accept": "application/json"})
        assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")
        assert refused.get_json()["detail"]


def assert_plain(answer: Any) -> None:
    """No inline script or style, nothing from elsewhere, and the headers that keep it so."""
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(INLINE, answer.text)
    for source in re.findall(r'<(?:script|img|link)[^>]*\b(?:src|href)="([^"]+)"', answer.text):
        assert source.startswith(("/", "data:", "http://127.0.0.1")), source
