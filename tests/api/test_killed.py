"""Processes that die at the worst moment, and what the next attempt makes of what they left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.between import Between
from tests.database import Database
from tests.processes import web
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event


@pytest.fixture
def between(stack: Stack) -> Iterator[Between]:
    with Between(stack.settings.supabase_url).serving() as between:
        yield between


@pytest.fixture
def orphan(app: APIFlask, stack: Stack, database: Database, sandbox: Sandbox, between: Between) -> Guest:
    """Gaston, whose web process was killed after Stripe had answered and before Postgres heard of it."""
    gaston = Guest(app)
    order = gaston.hold(list_event(database))
    between.moods["record_checkout"] = "stuck"
    with web(stack, SUPABASE_URL=between.url) as site:
        ask_and_forget(f"{site.url}/api/v1/orders/{order['reference']}/checkout", order["secret"])
        assert between.stuck.wait(60), "the checkout never came as far as Postgres"
        site.kill()
    return gaston


def ask_and_forget(url: str, secret: str) -> None:
    def ask() -> None:
        with pytest.raises(httpx.HTTPError):
            httpx.post(url, headers={"X-Order-Secret": secret}, timeout=90, trust_env=False)

    threading.Thread(target=ask, daemon=True).start()


def test_the_next_attempt_finds_the_same_session_at_stripe(
    app: APIFlask, database: Database, sandbox: Sandbox, orphan: Guest
) -> None:
    (lost,) = sandbox.sessions_of(orphan.order)
    assert database.rows(
        "select status::text, session_id from public.checkouts where order_id = %s", [orphan.order["id"]]
    ) == [("starting", None)]
    opened = orphan.checkout()
    assert opened["session_id"] == lost["id"]
    assert len(sandbox.sessions_of(orphan.order)) == 1
    pay_and_tell(app, sandbox, opened["session_id"])
    assert orphan.read()["status"] == "confirmed"


def test_money_for_a_session_that_was_never_recorded_confirms_its_order(
    app: APIFlask, database: Database, sandbox: Sandbox, orphan: Guest
) -> None:
    (lost,) = sandbox.sessions_of(orphan.order)
    pay_and_tell(app, sandbox, lost["id"])
    order = orphan.read()
    assert (order["status"], order["payment_status"]) == ("confirmed", "paid")
    again = orphan.try_checkout()
    assert (again.status_code, again.json["code"]) == (409, "already_paid")


def test_a_webhook_killed_before_postgres_heard_is_told_again(
    app: APIFlask, stack: Stack, database: Database, sandbox: Sandbox, between: Between
) -> None:
    gaston = Guest(app)
    gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    sandbox.pay(session)
    (event,) = sandbox.events_of(session, "checkout.session.completed")
    between.moods["settle_payment"] = "stuck"
    with web(stack, SUPABASE_URL=between.url) as site:
        told = threading.Thread(target=sandbox.send, args=(site.url, event), daemon=True)
        told.start()
        assert between.stuck.wait(60), "the webhook never came as far as Postgres"
        site.kill()
    assert gaston.read()["status"] == "pending"
    assert sandbox.bring(app, event).status_code == 204
    assert gaston.read()["status"] == "confirmed"


def pay_and_tell(app: APIFlask, sandbox: Sandbox, session: str) -> None:
    sandbox.pay(session)
    for event in sandbox.events_of(session):
        answer: Any = sandbox.bring(app, event)
        assert answer.status_code == 204
