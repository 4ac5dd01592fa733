"""How many calls each route of the catalogue and of orders costs. A number here may only become smaller."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from services import checkouts, jobs, refunds
from tests.application import ApiClient, Browser, calls_counted
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, draft, list_event, sign_in, signed_in

ONE_TO_THE_DATABASE = {"database": 1}


@pytest.fixture
def listing(database: Database) -> Listing:
    return list_event(database)


@pytest.mark.parametrize(
    "path",
    [
        "/events",
        "/events/{slug}",
        "/events/{id}/availability",
        "/events/{id}/quote?ticket_type={type}",
        "/venues",
        "/orders/GC2026-000000",
        "/events?limit=0",
    ],
)
def test_reading_the_catalogue_through_the_api(visitor: ApiClient, listing: Listing, path: str) -> None:
    with calls_counted() as calls:
        visitor.get(path.format(slug=listing.slug, id=listing.id, type=listing.ticket_type))
    assert calls == ({} if "limit=0" in path else ONE_TO_THE_DATABASE)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/events/{slug}",
        "/events/{slug}/orders/new?quantity[{type}]=1",
        "/events/{id}/availability",
        "/events/{id}/quote?quantity[{type}]=1",
        "/orders/GC2026-000000",
    ],
)
def test_opening_pages(app: APIFlask, stack: Stack, database: Database, listing: Listing, path: str) -> None:
    at = path.format(slug=listing.slug, id=listing.id, type=listing.ticket_type)
    for browser in (Browser(app), sign_in(Browser(app), stack, database.sign_up("Ana"))):
        with calls_counted() as calls:
            browser.get(at)
        assert calls == ONE_TO_THE_DATABASE


def test_an_orders_life(
    app: APIFlask, stack: Stack, database: Database, sandbox: Sandbox, listing: Listing
) -> None:
    ana = signed_in(app, stack, database.sign_up("Ana"))
    steps: list[tuple[str, dict[str, int]]] = []

    def step(name: str, answer: Any, calls: dict[str, int]) -> None:
        assert answer.status_code < 300, (name, answer.text)
        steps.append((name, dict(calls)))

    with calls_counted() as calls:
        ana.order = (placed := ana.post("/orders", draft(listing))).json
        step("place", placed, calls)
    with calls_counted() as calls:
        step("read", ana.get(f"/orders/{ana.order['reference']}"), calls)
    with calls_counted() as calls:
        step("list", ana.get("/orders"), calls)
    with calls_counted() as calls:
        step("checkout", opened := ana.try_checkout(), calls)
    with calls_counted() as calls:
        step("checkout again", ana.try_checkout(), calls)
    session = opened.json["session_id"]
    sandbox.pay(session)
    (event,) = sandbox.events_of(session, "checkout.session.completed")
    with calls_counted() as calls:
        step("webhook", sandbox.bring(app, event), calls)
    assert steps == [
        ("place", {"database": 1}),
        ("read", {"database": 1}),
        ("list", {"database": 1}),
        ("checkout", {"database": 2, "stripe": 1}),
        ("checkout again", {"database": 1}),
        ("webhook", {"database": 1, "stripe": 1}),
    ]


def test_giving_back_and_free_orders(app: APIFlask, database: Database, listing: Listing) -> None:
    gaston = Guest(app)
    order = gaston.hold(listing)
    with calls_counted() as calls:
        gaston.post(f"/orders/{order['reference']}/cancellation")
    assert calls == ONE_TO_THE_DATABASE
    gaston.hold(list_event(database, {"price_cents": 0}))
    with calls_counted() as calls:
        gaston.try_checkout()
    assert calls == ONE_TO_THE_DATABASE


@pytest.mark.parametrize("job", [jobs.expire_holds, checkouts.close_due, refunds.send_due])
def test_a_job_with_nothing_to_do(app: APIFlask, job: Any) -> None:
    with app.app_context():
        while job():
            pass
        with calls_counted() as calls:
            assert job() == 0
    assert calls == ONE_TO_THE_DATABASE
