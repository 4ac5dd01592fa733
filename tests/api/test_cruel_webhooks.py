"""Stripe's events of a purchase and its refund: in whatever order, doubled or lost, they end the same."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, permutations
from typing import Any

import pytest
from apiflask import APIFlask

from services import reconciliation
from tests.database import Database
from tests.jobs import give_back
from tests.sandbox import Event, Sandbox
from tests.selling import Guest, Listing, list_event


@pytest.fixture
def listing(database: Database) -> Listing:
    return list_event(database, seats=200)


@pytest.fixture(autouse=True)
def _seats_are_as_counted(database: Database, sandbox: Sandbox) -> Iterator[None]:
    sandbox.forget()
    yield
    assert database.service().call("check_pools") == []


def buy_and_refund(app: APIFlask, sandbox: Sandbox, listing: Listing) -> tuple[Guest, list[Event]]:
    """Declined once, paid, and half of it refunded in Stripe's dashboard: of which nobody has told us yet."""
    gaston = Guest(app)
    gaston.hold(listing, 2)
    session = gaston.checkout()["session_id"]
    sandbox.decline(session)
    sandbox.pay(session)
    refund = sandbox.give_back(session, 1500)
    told = sandbox.events_of(session, "payment_intent.payment_failed", "checkout.session.completed")
    return gaston, [*told, *sandbox.events_about(refund)]


def cancel_half(app: APIFlask, sandbox: Sandbox, listing: Listing) -> tuple[Guest, list[Event]]:
    """Paid, and one of two seats cancelled with us; the bank then sends the refund back."""
    gaston = Guest(app)
    gaston.buy(listing, sandbox, 2)
    assert gaston.cancel(1).json["cancelled"] is True
    (refund,) = sandbox.refunds_of(gaston.order)
    sandbox.fail_refund(refund["id"])
    return gaston, sandbox.events_about(
        refund["id"], types=("refund.created", "refund.updated", "refund.failed")
    )


REFUNDED = (
    ("confirmed", "partially_refunded", 3000, 1500),
    [("payment", 3000, "succeeded"), ("refund", -1500, "succeeded")],
)
SENT_BACK = (
    ("confirmed", "paid", 3000, 0),
    [("payment", 3000, "succeeded"), ("refund", -1500, "failed")],
)


def end_of(gaston: Guest) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    order = gaston.read()
    rows = sorted((row["kind"], row["amount_cents"], row["status"]) for row in order["payments"])
    return tuple(order[fact] for fact in ("status", "payment_status", "paid_cents", "refunded_cents")), rows


def bring(app: APIFlask, sandbox: Sandbox, events: list[Event]) -> None:
    """As Stripe does: what is not taken comes again, after the others."""
    waiting = events
    for _ in range(5):
        waiting = [event for event in waiting if sandbox.bring(app, event).status_code != 204]
    assert waiting == []


@pytest.mark.parametrize(("happen", "end"), [(buy_and_refund, REFUNDED), (cancel_half, SENT_BACK)])
def test_every_order_of_arrival_ends_the_same(
    app: APIFlask, sandbox: Sandbox, listing: Listing, happen: Any, end: Any
) -> None:
    _, events = happen(app, sandbox, listing)
    for arrival in permutations(range(len(events))):
        gaston, events = happen(app, sandbox, listing)
        bring(app, sandbox, [events[index] for index in arrival])
        assert end_of(gaston) == end, [events[index]["type"] for index in arrival]


@pytest.mark.parametrize("seed", range(6))
def test_events_that_come_again_and_again_change_nothing(
    app: APIFlask, sandbox: Sandbox, listing: Listing, seed: int
) -> None:
    gaston, events = buy_and_refund(app, sandbox, listing)
    arrival = events * 3
    random.Random(seed).shuffle(arrival)
    bring(app, sandbox, arrival)
    assert end_of(gaston) == REFUNDED


def test_what_was_lost_is_found_by_comparing_the_books(
    app: APIFlask, sandbox: Sandbox, listing: Listing, database: Database
) -> None:
    cases = []
    for number in range(4):
        for arriving in combinations(range(4), number):
            gaston, events = buy_and_refund(app, sandbox, listing)
            bring(app, sandbox, [events[index] for index in arriving if index < len(events)])
            cases.append((gaston, arriving))
    reconcile(app)
    assert {arriving: end_of(gaston) for gaston, arriving in cases} == {
        arriving: REFUNDED for _, arriving in cases
    }
    trail = "select count(*) from public.audit_entries where subject_id = %s"
    before = [database.value(trail, [gaston.order["id"]]) for gaston, _ in cases]
    reconcile(app)
    assert [database.value(trail, [gaston.order["id"]]) for gaston, _ in cases] == before


def test_a_refund_that_nobody_told_us_the_end_of_is_found_too(
    app: APIFlask, sandbox: Sandbox, listing: Listing
) -> None:
    gaston, _ = cancel_half(app, sandbox, listing)
    reconcile(app)
    assert end_of(gaston) == SENT_BACK


def test_a_bank_that_decides_long_after_the_session_was_opened_is_heard(
    app: APIFlask, sandbox: Sandbox, listing: Listing
) -> None:
    gaston = Guest(app)
    gaston.hold(listing)
    session = gaston.checkout()["session_id"]
    intent = sandbox.pay_later(session)
    bring(app, sandbox, sandbox.events_of(session, "checkout.session.completed"))
    assert gaston.read()["payment_status"] == "processing"
    later = a_second_after(sandbox.session(session)["created"])
    sandbox.settle(intent, succeeds=True)  # the webhook is lost
    assert reconcile(app, later).repaired == 1
    assert end_of(gaston)[0] == ("confirmed", "paid", 1500, 0)
    assert reconcile(app, later).repaired == 0
    assert len(gaston.read()["payments"]) == 1


def test_a_refund_that_fails_long_after_it_was_made_is_found(
    app: APIFlask, sandbox: Sandbox, listing: Listing
) -> None:
    gaston = Guest(app)
    gaston.buy(listing, sandbox, 2)
    gaston.cancel(1)
    (refund,) = sandbox.refunds_of(gaston.order)
    later = a_second_after(refund["created"])
    sandbox.fail_refund(refund["id"])
    reconcile(app, later)
    assert end_of(gaston) == SENT_BACK
    reconcile(app, later)
    assert end_of(gaston) == SENT_BACK


def test_failures_that_nobody_told_us_of_are_counted_once(
    app: APIFlask, sandbox: Sandbox, listing: Listing
) -> None:
    gaston = Guest(app)
    gaston.hold(listing)
    session = gaston.checkout()["session_id"]
    for _ in range(2):
        sandbox.decline(session)
    reconcile(app)
    reconcile(app)
    assert gaston.read()["payment_status"] == "failed"
    sandbox.decline(session)  # the third, which the policy does not forgive
    reconcile(app)
    order = gaston.read()
    assert (order["status"], order["status_reason"]) == ("cancelled", "payment_retry_limit")


def test_a_dispute_that_nobody_told_us_of_is_recorded(
    app: APIFlask, sandbox: Sandbox, listing: Listing, database: Database
) -> None:
    gaston = Guest(app)
    gaston.buy(listing, sandbox)
    session = sandbox.sessions_of(gaston.order)[0]["id"]
    sandbox.dispute(session)
    reconcile(app)
    statement = "select count(*) from public.disputes where order_id = %s"
    assert database.value(statement, [gaston.order["id"]]) == 1


def test_money_that_came_for_nothing_goes_back_whoever_finds_it(
    app: APIFlask, sandbox: Sandbox, listing: Listing
) -> None:
    gaston = Guest(app)
    gaston.hold(listing)
    session = gaston.checkout()["session_id"]
    sandbox.pay(session)
    assert gaston.cancel().json["cancelled"] is True  # the webhook is lost
    reconcile(app)
    give_back(app)
    assert end_of(gaston)[0] == ("cancelled", "refunded", 1500, 1500)


def test_what_cannot_be_repaired_is_named(app: APIFlask, sandbox: Sandbox, listing: Listing) -> None:
    gaston = Guest(app)
    gaston.hold(listing)
    wrong = gaston.checkout()["session_id"]
    sandbox.pay(wrong, amount=1)
    found = reconcile(app)
    assert f"{wrong}: review" in found.beyond_repair
    assert gaston.read()["payments"][0]["status"] == "review"


def a_second_after(created: int) -> int:
    """Wait for Stripe's next second, whose books no longer hold what was made in this one."""
    time.sleep(max(0.0, created + 1 - time.time()))
    return created + 1


def reconcile(app: APIFlask, since: int | None = None) -> Any:
    """Compare the last hour, or what Stripe has written since this Unix second."""
    elapsed = timedelta(hours=1) if since is None else timedelta(seconds=time.time() - since)
    with app.app_context():
        return reconciliation.reconcile(elapsed)
