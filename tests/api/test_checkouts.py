"""From an order to Stripe's payment page, over the API."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

from apiflask import APIFlask

from local.stack import Stack
from services import checkouts
from tests.application import settings_for
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event


def test_a_checkout_asks_for_exactly_what_was_ordered(
    gaston: Guest, database: Database, sandbox: Sandbox, stack: Stack
) -> None:
    listing = list_event(database, {"group_min_quantity": 2, "group_percent": 33}, {"price_cents": 500})
    lines = [{"ticket_type_id": id, "quantity": 3} for id in listing.ticket_types]
    order = gaston.hold(listing, lines=lines)
    opened = gaston.checkout()
    session = sandbox.session(opened["session_id"])
    assert opened["checkout_url"] == session["url"]
    assert urlsplit(opened["checkout_url"]).netloc == urlsplit(stack.settings.stripe_url).netloc
    assert opened["_links"] == {"order": {"href": f"/api/v1/orders/{order['reference']}", "method": "GET"}}
    assert (session["amount_total"], session["currency"]) == (order["total_cents"], "eur")
    assert order["total_cents"] == 3015 + 1500
    assert session["customer_email"] == order["buyer"]["email"]
    assert session["client_reference_id"] == order["id"] == session["metadata"]["order_id"]
    assert session["metadata"]["reference"] == order["reference"]
    page = f"{settings_for(stack).site_url}/orders/{order['reference']}"
    assert session["success_url"] == f"{page}/payment?session_id={{CHECKOUT_SESSION_ID}}"
    assert session["cancel_url"] == page
    assert 30 * 60 < session["expires_at"] - time.time() <= 31 * 60


def test_an_open_checkout_comes_again(gaston: Guest, database: Database, sandbox: Sandbox) -> None:
    order = gaston.hold(list_event(database))
    first, second = gaston.checkout(), gaston.checkout()
    assert first == second
    assert len(sandbox.sessions_of(order)) == 1


def test_checkouts_asked_for_at_once_are_one(app: APIFlask, database: Database, sandbox: Sandbox) -> None:
    gaston = Guest(app)
    order = gaston.hold(list_event(database))
    together = threading.Barrier(4)

    def ask(_: int) -> int:
        twin = Guest(app)
        twin.order = order
        twin.client.environ_base["HTTP_X_ORDER_SECRET"] = order["secret"]
        together.wait()
        return int(twin.try_checkout().status_code)

    with ThreadPoolExecutor(4) as crowd:
        statuses = list(crowd.map(ask, range(4)))
    assert set(statuses) <= {201, 503}  # 503: Stripe is still busy with the other, try again
    assert 201 in statuses
    assert len(sandbox.sessions_of(order)) == 1


def test_a_free_order_is_confirmed_without_stripe(
    gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    order = gaston.hold(list_event(database, {"price_cents": 0}), 2)
    answer = gaston.try_checkout()
    assert answer.status_code == 200
    assert (answer.json["order"]["status"], answer.json["order"]["payment_status"]) == ("confirmed", "paid")
    assert answer.json["checkout_url"] is None
    assert sandbox.sessions_of(order) == []
    again = gaston.try_checkout()
    assert (again.status_code, again.json["code"]) == (409, "already_paid")


def test_a_lapsed_hold_cannot_be_paid(gaston: Guest, database: Database, sandbox: Sandbox) -> None:
    order = gaston.hold(list_event(database))
    database.move_clock(timedelta(minutes=14, seconds=50))
    assert gaston.try_checkout().status_code == 201
    database.move_clock(timedelta(minutes=15))
    answer = gaston.try_checkout()
    assert (answer.status_code, answer.json["code"]) == (410, "hold_expired")
    assert "checkout" not in gaston.read()["_links"]
    assert len(sandbox.sessions_of(order)) == 1


def test_a_paid_order_cannot_be_paid_again(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    sandbox.pay(session)
    for event in sandbox.events_of(session, "checkout.session.completed"):
        assert sandbox.bring(app, event).status_code == 204
    assert gaston.read()["status"] == "confirmed"
    answer = gaston.try_checkout()
    assert (answer.status_code, answer.json["code"]) == (409, "already_paid")


def test_the_third_failed_payment_ends_the_order(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database)
    gaston.hold(listing)
    session = gaston.checkout()["session_id"]
    for number in (1, 2, 3):
        sandbox.decline(session)
        failed = sandbox.events_of(session, "payment_intent.payment_failed")[-1]
        assert sandbox.bring(app, failed).status_code == 204
        order = gaston.read()
        assert (order["failed_payments"], order["payments_left"]) == (number, 3 - number)
        assert order["status"] == ("cancelled" if number == 3 else "pending")
    answer = gaston.try_checkout()
    assert (answer.status_code, answer.json["code"]) == (409, "payment_retry_limit")
    assert gaston.get(f"/events/{listing.id}/availability").json["left"] == 20
    run(app, checkouts.close_due)
    assert sandbox.session(session)["status"] == "expired"


def test_the_second_failure_then_success_is_confirmed(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    for _ in range(2):
        sandbox.decline(session)
    sandbox.pay(session)
    for event in sandbox.events_of(session):
        assert sandbox.bring(app, event).status_code == 204
    order = gaston.read()
    assert (order["status"], order["payment_status"], order["failed_payments"]) == ("confirmed", "paid", 2)


def test_seats_given_back_close_the_checkout_at_stripe(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    order = gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    assert gaston.post(f"/orders/{order['reference']}/cancellation").status_code == 200
    run(app, checkouts.close_due)
    assert sandbox.session(session)["status"] == "expired"
    answer = gaston.try_checkout()
    assert (answer.status_code, answer.json["code"]) == (409, "already_cancelled")


def test_a_checkout_that_expired_at_stripe_is_followed_by_another(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    order = gaston.hold(list_event(database))
    first = gaston.checkout()["session_id"]
    sandbox.expire(first)
    for event in sandbox.events_of(first, "checkout.session.expired"):
        assert sandbox.bring(app, event).status_code == 204
    assert gaston.read()["status"] == "pending"
    second = gaston.checkout()["session_id"]
    assert second != first
    assert len(sandbox.sessions_of(order)) == 2


def run(app: APIFlask, job: Callable[[], int]) -> None:
    with app.app_context():
        while job():
            pass
