"""A team's orders as its people look through them."""

from __future__ import annotations

import uuid

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import Guest, Listing, list_event


@pytest.fixture
def orders(workspace: str) -> str:
    return f"{workspace}/orders"


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team, title="Ink and paper")


def test_the_list_costs_one_call_and_keeps_its_filters(
    app: APIFlask, omar: Browser, listing: Listing, orders: str
) -> None:
    placed = Guest(app).hold(listing, buyer={"name": "Zoé Brûlé", "email": "zoe@example.org"})
    with calls_counted() as calls:
        page = Page(omar.get(f"{orders}?q=brule&status=pending&event={listing.id}"))
    assert calls == {"database": 1}
    assert placed["reference"] in page.words
    assert "Times are Brussels time." in page.words
    form = page.form(orders)
    assert form.fields["q"] == ["brule"]
    found = Page(form.send(omar, q="nobody", event="", status="pending"))
    assert "No order fits." in found.words
    assert placed["reference"] in Page(omar.get(f"{orders}?status=nonsense&from=never")).words


def test_more_orders_come_with_the_same_filters(
    app: APIFlask, omar: Browser, database: Database, team: uuid.UUID, orders: str
) -> None:
    large = list_event(database, organizer_id=team, seats=30)
    for _ in range(26):
        Guest(app).hold(large)
    first = Page(omar.get(f"{orders}?sort=oldest"))
    (onward,) = [link for link in first.links() if "cursor=" in link]
    assert "sort=oldest" in onward
    assert omar.get(onward).text.count("<tr>") == 2  # its head and the last order


def test_an_empty_list_says_what_will_be_here(omar: Browser, orders: str) -> None:
    assert "Every order for your events will be here" in Page(omar.get(orders)).words


def test_who_may_not_see_orders_is_not_led_to_them(dora: Browser, finn: Browser, orders: str) -> None:
    assert dora.get(orders).status_code == 403
    assert orders not in Page(dora.get(orders.replace("orders", "events"))).links()
    assert orders in Page(finn.get(orders.replace("orders", "events"))).links()


def test_every_page_says_that_requests_wait_to_whoever_may_answer(
    app: APIFlask, omar: Browser, dora: Browser, database: Database, team: uuid.UUID, workspace: str
) -> None:
    Guest(app).hold(list_event(database, {"requires_approval": True}, organizer_id=team))
    assert "Orders 1 waiting for your yes" in Page(omar.get(f"{workspace}/venues")).words
    assert "1 order waits for your yes." in Page(omar.get(f"{workspace}/orders")).words
    assert "waiting for your yes" not in Page(dora.get(f"{workspace}/venues")).words
