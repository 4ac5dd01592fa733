"""Tickets that the organizer says yes to first: what the pages promise, and what they show of a request."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser
from tests.browser.inbox import Inbox
from tests.database import Database
from tests.jobs import send_mail
from tests.pages.buying import hold
from tests.pages.html import Page
from tests.selling import list_event, sign_in, some_email

ANSWER_FIRST = "The organizer answers each request before seats are held."


@pytest.fixture
def ana(app: APIFlask, stack: Stack, database: Database) -> Browser:
    return sign_in(Browser(app), stack, database.sign_up("Ana"))


@pytest.mark.parametrize(
    ("price", "next_step", "after_a_yes"),
    [
        (1500, "The organizer answers by mail; you pay nothing until then.", "you have time to pay."),
        (0, "The organizer answers by mail.", "if it is a yes, the seats are yours."),
    ],
)
def test_no_hold_is_promised_where_the_organizer_answers_first(
    browser: Browser, database: Database, price: int, next_step: str, after_a_yes: str
) -> None:
    listing = list_event(database, {"requires_approval": True, "price_cents": price})
    page = Page(browser.get(f"/events/{listing.slug}"))
    assert ANSWER_FIRST in page.words
    assert "seats are held for 15 minutes" not in page.words
    asked = {f"quantity[{listing.ticket_type}]": 2}
    form = Page(page.form(f"/events/{listing.slug}/orders/new").send(browser, **asked))
    assert f"Ask for 2 seats {next_step}" in form.words
    assert after_a_yes in Page(browser.get(hold(browser, listing))).words


def test_a_guest_finds_back_to_a_request_by_its_mail(
    app: APIFlask, stack: Stack, browser: Browser, database: Database
) -> None:
    email = some_email()
    listing = list_event(database, {"requires_approval": True}, title="Pitch night")
    request = hold(Browser(app), listing, buyer_email=email)
    send_mail(app, database, email)
    link = urlsplit(Inbox(stack.settings.inbox_url).link(email, "Requested", "/access?key="))
    assert browser.get(f"{link.path}?{link.query}").location == request
    assert "The organizer is looking at your request." in Page(browser.get(request)).words


def test_a_hold_is_promised_for_the_tickets_that_need_no_answer(browser: Browser, database: Database) -> None:
    listing = list_event(database, {"name": "Seat"}, {"name": "Stage", "requires_approval": True})
    page = Page(browser.get(f"/events/{listing.slug}"))
    assert ANSWER_FIRST in page.words
    assert "seats are held for 15 minutes" in page.words
    form = Page(browser.get(f"/events/{listing.slug}/orders/new?quantity[{listing.ticket_type}]=1"))
    assert "Hold 1 seat" in form.words


def test_the_page_of_the_event_leads_to_ones_request(ana: Browser, database: Database) -> None:
    listing = list_event(database, {"requires_approval": True})
    request = hold(ana, listing)
    page = Page(ana.get(f"/events/{listing.slug}"))
    assert "The organizer is looking at your request." in page.words
    assert request in page.links()
    assert not [form for form in page.forms if form.action.startswith(f"/events/{listing.slug}")]
