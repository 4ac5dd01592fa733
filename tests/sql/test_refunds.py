"""Money back: never more than came in, asked of Stripe once, resumed after a crash."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.orders import Order, holding, paid, payment, place_as_guest, settle, state


@pytest.fixture
def order(database: Database) -> Order:
    """Confirmed, 1000 cents."""
    show = events.event(database)
    return paid(database, place_as_guest(database, show, events.ticket_type(database, show)))


def ask_back(db: Database, order: Order, cents: int, **columns: Any) -> uuid.UUID:
    """A refund of the order's first payment, as the function behind a cancellation writes it."""
    paid_with = db.value(
        "select id from public.payments where order_id = %s and kind = 'payment' order by created_at limit 1",
        [order["id"]],
    )
    row = {"currency": "EUR", "status": "requested", "refunded_payment_id": paid_with, **columns}
    refund: uuid.UUID = events.insert(
        db, "payments", order_id=order["id"], kind="refund", amount_cents=-cents, **row
    )
    return refund


def claim(db: Database) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = db.service().call("claim_refunds")
    return found


def record(db: Database, claimed: dict[str, Any], outcome: str, **more: Any) -> Any:
    arguments = {"stripe_refund_id": f"re_{claimed['id']}", "error": None, **more}
    return db.service().call(
        "record_refund",
        payment_id=claimed["id"],
        lease_token=claimed["lease_token"],
        outcome=outcome,
        **arguments,
    )


def sums(db: Database, order: Order) -> tuple[int, int]:
    paid_cents, refunded_cents = db.rows(
        "select paid_cents, refunded_cents from public.orders where id = %s", [order["id"]]
    )[0]
    return paid_cents, refunded_cents


@pytest.mark.parametrize(("asked", "more"), [([1000], 1), ([600, 400], 1), ([600], 401)])
def test_never_more_back_than_came_in(database: Database, order: Order, asked: list[int], more: int) -> None:
    for cents in asked:
        ask_back(database, order, cents)
    with database.refuses("refund_exceeds_payment", 409) as refusal:
        ask_back(database, order, more)
    assert refusal.detail == {"left_cents": 1000 - sum(asked)}


def test_a_refund_that_failed_may_be_asked_again(database: Database, order: Order) -> None:
    refund = ask_back(database, order, 1000)
    record(database, claim(database)[0], "failed", error="charge already refunded")
    ask_back(database, order, 1000)
    with database.refuses("refund_exceeds_payment"):
        events.edit(database, "payments", refund, status="requested")


def test_a_refund_is_of_its_own_orders_money_in_its_own_currency(database: Database, order: Order) -> None:
    show = events.event(database)
    other = paid(database, place_as_guest(database, show, events.ticket_type(database, show)))
    foreign = database.value("select id from public.payments where order_id = %s", [other["id"]])
    for wrong in (
        {"refunded_payment_id": foreign},
        {"currency": "USD"},
        {"refunded_payment_id": uuid.uuid4()},
    ):
        with database.refuses("refund_exceeds_payment", 409):
            ask_back(database, order, 100, **wrong)


def test_sums_and_status_follow_refunds(database: Database, order: Order) -> None:
    assert sums(database, order) == (1000, 0)
    ask_back(database, order, 300)
    assert sums(database, order) == (1000, 0)
    record(database, claim(database)[0], "succeeded")
    assert (sums(database, order), state(database, order)[2]) == ((1000, 300), "partially_refunded")
    refund = ask_back(database, order, 700)
    record(database, claim(database)[0], "succeeded")
    assert (sums(database, order), state(database, order)[2]) == ((1000, 1000), "refunded")
    events.edit(database, "payments", refund, status="failed")
    assert (sums(database, order), state(database, order)[2]) == ((1000, 300), "partially_refunded")


def test_a_refund_returned_by_the_bank_leaves_the_order_paid(database: Database, order: Order) -> None:
    refund = ask_back(database, order, 1000)
    record(database, claim(database)[0], "succeeded")
    events.edit(database, "payments", refund, status="failed")
    assert (sums(database, order), state(database, order)[2]) == ((1000, 0), "paid")


def test_money_that_waited_for_review_goes_back_without_touching_the_sums(database: Database) -> None:
    show = events.event(database)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    assert settle(database, payment(database, order, amount_cents=900)) == "review"
    ask_back(database, order, 900)
    record(database, claim(database)[0], "succeeded")
    assert (sums(database, order), state(database, order)) == ((0, 0), ("pending", None, "unpaid"))


def test_money_that_waited_for_review_takes_nothing_from_what_is_paid_later(database: Database) -> None:
    show = events.event(database)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    assert settle(database, payment(database, order, amount_cents=900)) == "review"
    ask_back(database, order, 900)
    record(database, claim(database)[0], "succeeded")
    paid(database, order)
    asked = holding(database, order).call("quote_cancellation", reference=order["reference"])
    assert asked["refund_cents"] == 1000
    holding(database, order).call("cancel_order", reference=order["reference"])
    assert claim(database)[0]["amount_cents"] == 1000


def test_a_claim_says_what_to_ask_of_stripe(database: Database, order: Order) -> None:
    refund = ask_back(database, order, 300, payment_intent_id="pi_1", reason="paid_twice")
    claimed = claim(database)[0]
    assert claimed["idempotency_key"] == f"refund:{refund}"
    asked = {
        key: claimed[key] for key in ("amount_cents", "currency", "payment_intent_id", "reason", "attempts")
    }
    assert asked == {
        "amount_cents": 300,
        "currency": "EUR",
        "payment_intent_id": "pi_1",
        "reason": "paid_twice",
        "attempts": 1,
    }


def test_a_refund_is_claimed_by_one_worker_at_a_time(database: Database, order: Order) -> None:
    ask_back(database, order, 1000)
    first = claim(database)[0]
    assert claim(database) == []
    database.rows(
        "update public.payments set lease_until = now() - interval '1 second' where id = %s", [first["id"]]
    )
    second = claim(database)[0]
    assert (second["id"], second["idempotency_key"]) == (first["id"], first["idempotency_key"])
    with database.refuses("lease_lost", 409):
        record(database, first, "succeeded")
    record(database, second, "succeeded")
    with database.refuses("lease_lost", 409):
        record(database, second, "succeeded")
    assert claim(database) == []


def test_a_refund_is_tried_again_later(database: Database, order: Order) -> None:
    ask_back(database, order, 1000)
    record(
        database, claim(database)[0], "retry", stripe_refund_id=None, error="timeout", retry_after_seconds=60
    )
    assert claim(database) == []
    database.rows("update public.payments set next_attempt_at = now() where kind = 'refund'")
    again = claim(database)[0]
    assert again["attempts"] == 2


def test_a_refund_that_was_given_up_meanwhile_is_not_tried_again(database: Database, order: Order) -> None:
    intent = database.value(
        "select payment_intent_id from public.payments where order_id = %s and kind = 'payment'",
        [order["id"]],
    )
    refund = ask_back(database, order, 1000, payment_intent_id=intent)
    claimed = claim(database)[0]
    by_hand = {"refund_id": "re_by_hand", "payment_intent_id": intent, "amount_cents": 1000}
    database.service().call(
        "settle_refund",
        stripe_event_id=None,
        event_type=None,
        facts={**by_hand, "own_id": None, "status": "succeeded"},
    )
    record(database, claimed, "retry", stripe_refund_id=None, error="timeout")
    told = "select status, last_error from public.payments where id = %s"
    assert database.rows(told, [refund]) == [("failed", "refunded_otherwise")]
    assert sums(database, order) == (1000, 1000)


def test_a_pending_refund_is_not_asked_twice(database: Database, order: Order) -> None:
    ask_back(database, order, 1000)
    record(database, claim(database)[0], "pending", retry_after_seconds=0)
    assert claim(database) == []
    assert database.service().call("job_status")["refunds_due"] == 0
    assert sums(database, order) == (1000, 0)


def test_late_money_is_given_back_whole(database: Database, order: Order) -> None:
    assert settle(database, payment(database, order)) == "paid_twice"
    assert sums(database, order) == (2000, 0)
    claimed = claim(database)
    assert [each["amount_cents"] for each in claimed] == [1000]
    record(database, claimed[0], "succeeded")
    assert (sums(database, order), state(database, order)[0]) == ((2000, 1000), "confirmed")


def test_a_refund_of_another_shops_may_be_larger_than_ours_ever_are(database: Database) -> None:
    facts = {
        "refund_id": "re_other",
        "payment_intent_id": "pi_other",
        "amount_cents": 5_000_000_000,
        "status": "succeeded",
    }
    answer = database.service().call(
        "settle_refund", stripe_event_id="evt_other", event_type="refund.created", facts=facts
    )
    assert answer == {"outcome": "unknown_payment"}


def test_what_belongs_to_nothing_of_ours_is_forgotten_in_a_month(database: Database) -> None:
    def tell(number: int) -> None:
        facts = {
            "refund_id": f"re_{number}",
            "payment_intent_id": "pi_else",
            "amount_cents": 500,
            "status": "pending",
        }
        news = {"stripe_event_id": f"evt_{number}", "event_type": "refund.created", "facts": facts}
        assert database.service().call("settle_refund", **news) == {"outcome": "unknown_payment"}

    for number, age in ((1, "30 days 1 second"), (2, "29 days")):
        tell(number)
        database.rows(
            "update private.early_refunds set created_at = now() - %s::interval where refund_id = %s",
            [age, f"re_{number}"],
        )
    tell(3)
    kept = database.rows("select refund_id from private.early_refunds order by refund_id")
    assert kept == [("re_2",), ("re_3",)]
