"""The steps of a purchase through the pages, each as a click on what the page before it offers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.application import Browser
from tests.pages.html import Form, Page
from tests.selling import Listing, some_email

GASTON = {"buyer_name": "Gaston"}


def order_form(browser: Browser, listing: Listing, quantity: int = 1) -> Form:
    """From the event's page with so many seats chosen: the form that asks who is coming."""
    choice = Page(browser.get(f"/events/{listing.slug}")).form(f"/events/{listing.slug}/orders/new")
    answer = choice.send(browser, **{f"quantity[{listing.ticket_type}]": quantity})
    assert answer.status_code == 200, answer.text
    return Page(answer).form(f"/events/{listing.slug}/orders")


def hold(browser: Browser, listing: Listing, quantity: int = 1, **typed: Any) -> str:
    """Hold seats as Gaston; the path of the order's page."""
    form = order_form(browser, listing, quantity)
    if "buyer_email" in form.fields:
        typed = {**GASTON, "buyer_email": some_email(), **typed}
    answer = form.send(browser, **typed)
    assert answer.status_code == 303, Page(answer).words
    return path_of(answer)


def pay_form(browser: Browser, order: str) -> Form:
    return Page(browser.get(order)).form(f"{order}/checkout")


def to_checkout(browser: Browser, order: str) -> str:
    """Press the button that leads to Stripe; the id of the session there."""
    answer = pay_form(browser, order).send(browser)
    assert answer.status_code == 303
    return urlsplit(answer.location).path.rpartition("/")[2]


def come_back(browser: Browser, order: str, session: str) -> Page:
    """Return from Stripe's page as its success_url says, and look."""
    answer = browser.get(f"{order}/payment?session_id={session}")
    assert answer.status_code == 303
    return look(browser, answer)


def look(browser: Browser, answer: TestResponse) -> Page:
    """Where an answer leads to."""
    page = browser.get(answer.location)
    assert page.status_code == 200, page.text
    return Page(page)


def path_of(answer: TestResponse) -> str:
    return urlsplit(answer.location).path
