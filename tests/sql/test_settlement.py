"""Money that comes in: once, in any order, judged by when it was charged, never kept without a seat."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.orders import (
    HOLD,
    Order,
    fail,
    guest,
    holding,
    instant,
    paid,
    payment,
    place,
    place_as_guest,
    settle,
    state,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def show(database: Database) -> events.Event:
    return events.event(database, capacity=1)


@pytest.fixture
def seat(database: Database, show: events.Event) -> uuid.UUID:
    return events.ticket_type(database, show, capacity=1)


@pytest.fixture
def order(database: Database, show: events.Event, seat: uuid.UUID) -> Order:
    return place_as_guest(database, show, seat)


def mails(db: Database, order: Order) -> list[str]:
    return [
        kind for (kind,) in db.rows("select kind from public.deliveries where order_id = %s", [order["id"]])
    ]


def refunds(db: Database, order: Order) -> list[tuple[int, str, str]]:
    return db.rows(
        """select amount_cents, status::text, reason
        from public.payments where order_id = %s and kind = 'refund'""",
        [order["id"]],
    )


def charged(db: Database, order: Order, before: timedelta) -> str:
    """An instant so long before the lapse, as Stripe's clock has it, which no test moves."""
    at: str = db.value(
        "select (%s::timestamptz - shift)::text from private.clock", [instant(order["expires_at"]) - before]
    )
    return at


def test_a_paid_order_is_confirmed_and_mailed(database: Database, order: Order, show: events.Event) -> None:
    assert settle(database, payment(database, order)) == "confirmed"
    assert state(database, order) == ("confirmed", None, "paid")
    assert events.pool(database, show) == (0, 1)
    assert mails(database, order) == ["order_confirmed"]
    found = holding(database, order).call("read_order", reference=order["reference"])
    assert (found["paid_cents"], found["expires_at"], found["can"]) == (1000, None, ["cancel", "name"])
    assert [(each["kind"], each["amount_cents"], each["status"]) for each in found["payments"]] == [
        ("payment", 1000, "succeeded")
    ]


@pytest.mark.parametrize("same", ["event", "session", "intent"])
def test_the_same_money_counts_once(database: Database, order: Order, same: str) -> None:
    facts = payment(database, order)
    assert settle(database, facts, "evt_1") == "confirmed"
    other = payment(database, order)
    repeats = {
        "event": ("evt_1", other),
        "session": ("evt_2", {**other, "session_id": facts["session_id"]}),
        "intent": ("evt_2", {**other, "payment_intent_id": facts["payment_intent_id"]}),
    }
    stripe_event_id, repeated = repeats[same]
    assert settle(database, repeated, stripe_event_id) == "repeated"
    assert database.value("select count(*) from public.payments where order_id = %s", [order["id"]]) == 1
    assert mails(database, order) == ["order_confirmed"]


def test_the_return_page_may_settle_before_the_webhook(database: Database, order: Order) -> None:
    facts = payment(database, order)
    answer = database.service().call("settle_payment", stripe_event_id=None, event_type=None, facts=facts)
    assert answer == {"outcome": "confirmed", "reference": order["reference"]}
    assert settle(database, facts) == "repeated"


def test_an_event_of_an_unknown_order_is_noted(database: Database, order: Order) -> None:
    for id in (str(uuid.uuid4()), "nonsense", None):
        assert settle(database, payment(database, order, order_id=id)) == "unknown_order"
    assert state(database, order)[0] == "pending"
    assert database.value("select count(*) from public.stripe_events where outcome = 'unknown_order'") >= 3


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"amount_cents": 999}, "wrong_amount"),
        ({"amount_cents": 1001}, "wrong_amount"),
        ({"currency": "usd"}, "wrong_currency"),
    ],
)
def test_money_that_was_not_asked_for_waits_for_a_person(
    database: Database, order: Order, facts: dict[str, Any], reason: str
) -> None:
    assert settle(database, payment(database, order, **facts)) == "review"
    assert state(database, order) == ("pending", None, "unpaid")
    assert database.rows(
        "select status::text, reason from public.payments where order_id = %s", [order["id"]]
    ) == [("review", reason)]
    assert mails(database, order) == []
    assert settle(database, payment(database, order)) == "confirmed"


def test_money_twice_goes_back_once(database: Database, order: Order) -> None:
    paid(database, order)
    assert settle(database, payment(database, order)) == "paid_twice"
    assert state(database, order)[0] == "confirmed"
    assert refunds(database, order) == [(-1000, "requested", "paid_twice")]


def test_the_charge_decides_not_the_webhook(database: Database, order: Order) -> None:
    at = charged(database, order, SECOND)
    database.move_clock(HOLD + timedelta(hours=1))
    shifted = database.value("select (%s::timestamptz - interval '75 minutes')::text", [at])
    assert settle(database, payment(database, order, charged_at=shifted)) == "confirmed"
    assert state(database, order) == ("confirmed", None, "paid")


def test_money_at_the_instant_of_the_lapse_is_late_but_seated_again(
    database: Database, order: Order, show: events.Event
) -> None:
    database.move_clock(HOLD)
    assert (
        settle(database, payment(database, order, charged_at=charged(database, order, timedelta(0))))
        == "seated_again"
    )
    assert state(database, order) == ("confirmed", "seated_again", "paid")
    assert events.pool(database, show) == (0, 1)
    assert mails(database, order) == ["order_confirmed"]


def test_late_money_is_seated_again_after_the_sweep(
    database: Database, order: Order, show: events.Event
) -> None:
    database.move_clock(HOLD)
    database.service().call("expire_holds")
    assert settle(database, payment(database, order)) == "seated_again"
    assert events.pool(database, show) == (0, 1)


def test_late_money_without_a_seat_goes_back_and_is_told(
    database: Database, order: Order, show: events.Event, seat: uuid.UUID
) -> None:
    database.move_clock(HOLD)
    place_as_guest(database, show, seat)
    assert settle(database, payment(database, order)) == "refund_requested"
    assert state(database, order)[:2] == ("expired", "hold_lapsed")
    assert refunds(database, order) == [(-1000, "requested", "too_late")]
    assert mails(database, order) == ["order_expired_refund"]
    assert events.pool(database, show) == (1, 0)


def test_late_money_takes_the_place_of_another_lapsed_hold(
    database: Database, order: Order, show: events.Event, seat: uuid.UUID
) -> None:
    database.move_clock(HOLD)
    other = place_as_guest(database, show, seat)
    database.move_clock(2 * HOLD)
    assert settle(database, payment(database, order)) == "seated_again"
    assert state(database, other)[0] == "expired"
    assert events.pool(database, show) == (0, 1)


def test_late_money_for_an_event_that_has_begun_goes_back(
    database: Database, order: Order, show: events.Event
) -> None:
    database.move_clock(timedelta(days=7))
    assert settle(database, payment(database, order)) == "refund_requested"


@pytest.mark.parametrize("ending", ["given back", "third failure"])
def test_money_for_a_cancelled_order_goes_back(database: Database, order: Order, ending: str) -> None:
    if ending == "given back":
        holding(database, order).call("cancel_order", reference=order["reference"])
    else:
        assert [fail(database, order) for _ in range(3)][-1] == "retry_limit"
    assert settle(database, payment(database, order)) == "refund_requested"
    assert state(database, order)[0] == "cancelled"
    assert refunds(database, order) == [(-1000, "requested", "too_late")]


def test_a_delayed_method_keeps_its_seats(database: Database, order: Order, show: events.Event) -> None:
    facts = payment(database, order, payment_status="unpaid")
    assert settle(database, facts) == "processing"
    assert state(database, order) == ("pending", None, "processing")
    database.move_clock(timedelta(days=6))
    assert database.service().call("expire_holds") == {"expired": 0}
    assert settle(database, {**facts, "payment_status": "paid"}) == "confirmed"
    assert events.pool(database, show) == (0, 1)


def test_a_delayed_method_is_not_waited_for_forever(database: Database, order: Order) -> None:
    settle(database, payment(database, order, payment_status="unpaid"))
    database.move_clock(timedelta(days=10) - SECOND)
    assert database.service().call("expire_holds") == {"expired": 0}
    database.move_clock(timedelta(days=10))
    assert database.service().call("expire_holds") == {"expired": 1}


def test_repeated_news_of_a_delayed_method_does_not_prolong_it(database: Database, order: Order) -> None:
    facts = payment(database, order, payment_status="unpaid")
    settle(database, facts)
    until = database.value("select expires_at from public.orders where id = %s", [order["id"]])
    database.move_clock(timedelta(days=2))
    assert settle(database, facts) == "processing"
    assert database.value("select expires_at from public.orders where id = %s", [order["id"]]) == until


def test_a_delayed_method_heard_of_late_keeps_seats_that_are_still_there(
    database: Database, order: Order
) -> None:
    database.move_clock(HOLD)
    assert settle(database, payment(database, order, payment_status="unpaid")) == "processing"
    assert state(database, order)[0] == "pending"


def test_a_delayed_method_of_an_expired_order_waits_for_its_money(database: Database, order: Order) -> None:
    database.move_clock(HOLD)
    database.service().call("expire_holds")
    facts = payment(database, order, payment_status="unpaid")
    assert settle(database, facts) == "nothing_to_do"
    assert settle(database, {**facts, "payment_status": "paid"}) == "seated_again"


def test_a_delayed_method_that_fails_releases_the_seats(
    database: Database, order: Order, show: events.Event
) -> None:
    settle(database, payment(database, order, payment_status="unpaid"))
    assert fail(database, order, "checkout.session.async_payment_failed") == "expired"
    assert state(database, order) == ("expired", "payment_failed", "failed")
    assert events.pool(database, show) == (0, 0)


def test_a_failure_is_counted_once_and_may_be_followed_by_success(database: Database, order: Order) -> None:
    assert fail(database, order, stripe_event_id="evt_1") == "counted"
    assert fail(database, order, stripe_event_id="evt_1") == "repeated"
    assert fail(database, order) == "counted"
    found = holding(database, order).call("read_order_state", reference=order["reference"])
    assert (found["failed_payments"], found["payments_left"], found["payment_status"]) == (2, 1, "failed")
    assert settle(database, payment(database, order)) == "confirmed"
    assert state(database, order) == ("confirmed", None, "paid")


def test_the_third_failure_cancels_and_frees_the_seats(
    database: Database, order: Order, show: events.Event
) -> None:
    assert [fail(database, order) for _ in range(4)] == ["counted", "counted", "retry_limit", "nothing_to_do"]
    assert state(database, order) == ("cancelled", "payment_retry_limit", "failed")
    assert events.pool(database, show) == (0, 0)


def test_a_failure_told_after_success_changes_nothing(database: Database, order: Order) -> None:
    paid(database, order)
    assert fail(database, order) == "nothing_to_do"
    assert fail(database, order, "checkout.session.async_payment_failed") == "nothing_to_do"
    assert state(database, order) == ("confirmed", None, "paid")


def test_a_failure_of_an_unknown_order_is_noted(database: Database, order: Order) -> None:
    assert fail(database, {"id": str(uuid.uuid4())}) == "unknown_order"


def test_the_session_leads_to_the_order_though_its_metadata_lies(
    database: Database, order: Order, show: events.Event
) -> None:
    other_show = events.event(database)
    other = place(database.visitor(), other_show, events.ticket_type(database, other_show), buyer=guest())
    checkout = holding(database, order).call("begin_checkout", reference=order["reference"])["checkout"]
    database.service().call(
        "record_checkout", checkout_id=checkout["id"], session_id="cs_test_1", url="https://pay.example"
    )
    assert (
        settle(database, payment(database, order, session_id="cs_test_1", order_id=other["id"]))
        == "confirmed"
    )
    assert (state(database, order)[0], state(database, other)[0]) == ("confirmed", "pending")
