"""How a guest's browser keeps the way to an order, and how nobody else finds it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.cookies import SimpleCookie
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from apiflask import APIFlask
from werkzeug.test import TestResponse

from local.stack import Stack
from tests.application import Browser, app_for
from tests.browser.inbox import Inbox
from tests.database import Database
from tests.jobs import send_mail
from tests.pages.buying import GASTON, hold, order_form, path_of
from tests.pages.html import Page
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event, some_email


def secret_cookie(answer: TestResponse) -> Any:
    """The cookie that an answer sets for an order, or None."""
    for header in answer.headers.getlist("Set-Cookie"):
        if header.startswith("order_secret="):
            return SimpleCookie(header)["order_secret"]
    return None


def access_path(order: dict[str, Any]) -> str:
    return f"/orders/{order['reference']}/access?key={order['secret']}"


def test_holding_seats_gives_the_browser_the_way_back(browser: Browser, database: Database) -> None:
    answer = order_form(browser, list_event(database)).send(browser, **GASTON, buyer_email=some_email())
    cookie = secret_cookie(answer)
    assert len(cookie.value) == 43
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (path_of(answer), True, "Lax")
    assert int(cookie["max-age"]) > 300 * 24 * 3600
    assert cookie.value not in answer.location
    assert cookie.value not in browser.get(answer.location).text
    assert cookie.value not in browser.get(f"{path_of(answer)}/status").text


def test_over_https_the_way_back_stays_on_https(stack: Stack, database: Database) -> None:
    app = app_for(stack, site_url="https://tickets.example")
    order = Guest(app).hold(list_event(database))
    assert secret_cookie(Browser(app).get(access_path(order)))["secure"] is True


def test_the_link_in_the_mail_opens_the_order_in_any_browser(
    app: APIFlask, stack: Stack, browser: Browser, database: Database
) -> None:
    email = some_email()
    hold(Browser(app), list_event(database, {"price_cents": 0}, title="Crumbs"), buyer_email=email)
    send_mail(app, database, email)
    link = urlsplit(Inbox(stack.settings.inbox_url).link(email, "Confirmed", "/access?key="))
    answer = browser.get(f"{link.path}?{link.query}")
    assert (answer.status_code, path_of(answer)) == (303, link.path.removesuffix("/access"))
    assert urlsplit(answer.location).query == ""
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "One seat is yours." in Page(browser.get(answer.location)).words


def test_a_mangled_link_does_not_take_the_way_away(
    app: APIFlask, browser: Browser, database: Database
) -> None:
    order = Guest(app).hold(list_event(database))
    browser.get(access_path(order))
    for key in ("", "x", "a" * 43, order["secret"][:-1]):
        browser.get(f"/orders/{order['reference']}/access?key={key}")
        assert browser.get(f"/orders/{order['reference']}").status_code == 200


def test_one_orders_key_opens_no_other(app: APIFlask, browser: Browser, database: Database) -> None:
    listing = list_event(database)
    his, hers = Guest(app).hold(listing), Guest(app).hold(listing)
    for key in (his["secret"], "x", "", "%00", "é", "a" * 5000):
        browser.get(f"/orders/{hers['reference']}/access?key={key}")
        for page in ("", "/status", "/payment"):
            assert browser.get(f"/orders/{hers['reference']}{page}").status_code in {303, 404}
        assert browser.get(f"/orders/{hers['reference']}").status_code == 404
    assert browser.get(access_path(hers)).status_code == 303
    assert browser.get(f"/orders/{hers['reference']}").status_code == 200
    assert browser.get(f"/orders/{his['reference']}").status_code == 404


@pytest.mark.parametrize("value", ["forged", '"\\001"', '"\\012x"', "é", "", "a" * 4000])
def test_a_cookie_that_was_tampered_with_opens_nothing_and_breaks_nothing(
    browser: Browser, database: Database, value: str
) -> None:
    listing = list_event(database)
    for path in (f"/events/{listing.slug}", "/orders/GC2026-000000"):
        answer = browser.get(
            path, headers={"Cookie": f"order_secret={value}; guichet={value}; forms={value}"}
        )
        assert answer.status_code in {200, 404}


def test_strangers_cannot_act_on_an_order(app: APIFlask, browser: Browser, database: Database) -> None:
    order = Guest(app).hold(list_event(database))
    token = browser.form_token("/account/sign-in")
    for action in ("checkout", "cancellation"):
        answer = browser.client.post(f"/orders/{order['reference']}/{action}", data={"csrf_token": token})
        assert answer.status_code == 404
    assert database.value("select status::text from public.orders where id = %s", [order["id"]]) == "pending"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All that is written to the log, down to the least important line."""
    root = logging.getLogger()
    (ours,) = (handler for handler in root.handlers if handler.get_name() == "guichet")
    assert isinstance(ours, logging.StreamHandler)
    written, level = StringIO(), root.level
    before = ours.setStream(written)
    root.setLevel("DEBUG")
    yield written
    root.setLevel(level)
    ours.setStream(before)


def test_the_key_is_in_no_log_and_no_later_address(
    app: APIFlask, browser: Browser, database: Database, sandbox: Sandbox, log: StringIO
) -> None:
    order = Guest(app).hold(list_event(database))
    browser.get(access_path(order))
    page = Page(browser.get(f"/orders/{order['reference']}"))
    answer = page.form(f"/orders/{order['reference']}/checkout").send(browser)
    session = sandbox.session(urlsplit(answer.location).path.rpartition("/")[2])
    assert f"/orders/{order['reference']}/access" in log.getvalue()
    for text in (log.getvalue(), str(session), answer.location, *page.links()):
        assert order["secret"] not in text
