"""Money that comes late, twice, or only after the bank has thought about it."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from apiflask import APIFlask

from tests.api.settling import completed, give_back, state
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event

LAPSE = timedelta(minutes=15)


def test_money_that_was_charged_in_time_confirms_however_late_we_hear_of_it(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], sandbox: Sandbox, database: Database
) -> None:
    database.rows(
        "update public.orders set expires_at = now() + interval '1 second' where id = %s",
        [gaston.order["id"]],
    )
    time.sleep(1.1)
    assert gaston.read()["status"] == "expired"
    assert sandbox.bring(app, completed(paid)).status_code == 204
    assert state(gaston) == ("confirmed", "paid", None)


def test_late_money_is_seated_again_while_there_are_seats(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], sandbox: Sandbox, database: Database
) -> None:
    database.move_clock(LAPSE + timedelta(seconds=2))  # Stripe tells whole seconds
    assert sandbox.bring(app, completed(paid)).status_code == 204
    assert state(gaston) == ("confirmed", "paid", "seated_again")
    assert database.service().call("check_pools") == []


def test_late_money_goes_back_when_the_seats_are_gone(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database, seats=1)
    gaston.hold(listing)
    session = gaston.checkout()["session_id"]
    database.move_clock(LAPSE)
    faster = Guest(app)
    faster.hold(listing)
    sandbox.pay(session)
    for event in sandbox.events_of(session):
        assert sandbox.bring(app, event).status_code == 204
    assert state(gaston)[:2] == ("expired", "paid")
    give_back(app)
    order = gaston.read()
    assert (order["status"], order["payment_status"], order["refunded_cents"]) == (
        "expired", "refunded", 1500,
    )  # fmt: skip
    assert [(refund["amount"], refund["status"]) for refund in sandbox.refunds_of(order)] == [
        (1500, "succeeded")
    ]
    assert faster.read()["status"] == "pending"
    give_back(app)
    assert len(sandbox.refunds_of(order)) == 1


def test_paying_twice_gives_the_second_back(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], sandbox: Sandbox
) -> None:
    second = sandbox.open_session(amount=1500, metadata={"order_id": gaston.order["id"]})
    sandbox.pay(second)
    for event in [completed(paid), completed(sandbox.events_of(second))]:
        assert sandbox.bring(app, event).status_code == 204
    give_back(app)
    order = gaston.read()
    assert (order["status"], order["paid_cents"], order["refunded_cents"]) == ("confirmed", 3000, 1500)
    assert [refund["reason"] for refund in sandbox.refunds_of(order)] == ["duplicate"]


@pytest.mark.parametrize("order_of_arrival", list(permutations(range(2))))
def test_a_delayed_payment_keeps_its_seats_until_the_bank_answers(
    app: APIFlask,
    gaston: Guest,
    database: Database,
    sandbox: Sandbox,
    order_of_arrival: tuple[int, ...],
) -> None:
    gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    intent = sandbox.pay_later(session)
    assert sandbox.bring(app, completed(sandbox.events_of(session))).status_code == 204
    assert state(gaston) == ("pending", "processing", None)
    refused = gaston.try_checkout()
    assert (refused.status_code, refused.json["code"]) == (409, "payment_processing")
    assert gaston.read()["can"] == ["name"]
    database.move_clock(timedelta(days=3))
    assert gaston.read()["status"] == "pending"
    sandbox.settle(intent, succeeds=True)
    events = sandbox.events_of(
        session, "checkout.session.completed", "checkout.session.async_payment_succeeded"
    )
    for index in order_of_arrival:
        assert sandbox.bring(app, events[index]).status_code == 204
    assert state(gaston) == ("confirmed", "paid", None)


def test_a_delayed_payment_that_fails_gives_its_seats_back_in_any_order_of_arrival(
    app: APIFlask, database: Database, sandbox: Sandbox
) -> None:
    types = (
        "checkout.session.completed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    )
    for order_of_arrival in permutations(range(3)):
        gaston, listing = Guest(app), list_event(database)
        gaston.hold(listing)
        session = gaston.checkout()["session_id"]
        sandbox.settle(sandbox.pay_later(session), succeeds=False)
        events = sandbox.events_of(session, *types)
        for index in order_of_arrival:
            assert sandbox.bring(app, events[index]).status_code == 204
        assert state(gaston) == ("expired", "failed", "payment_failed"), order_of_arrival
        assert gaston.get(f"/events/{listing.id}/availability").json["left"] == 20


def test_a_declined_card_of_before_does_not_end_a_delayed_payment(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    sandbox.decline(session)
    (declined,) = sandbox.events_of(session, "payment_intent.payment_failed")
    sandbox.pay_later(session)
    for event in (completed(sandbox.events_of(session)), declined):
        assert sandbox.bring(app, event).status_code == 204
    assert state(gaston) == ("pending", "processing", None)
