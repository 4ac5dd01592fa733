"""The way to the till: one session at a time, frozen before Stripe is asked, closed once nobody waits."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, Order, fail, instant, paid, payment, place, settle, state

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def buyer(database: Database, ana: Person) -> Database:
    return database.person(ana)


@pytest.fixture
def order(database: Database, buyer: Database) -> Order:
    show = events.event(database)
    return place(buyer, show, events.ticket_type(database, show))


def begin(buyer: Database, order: Order) -> dict[str, Any]:
    answer: dict[str, Any] = buyer.call("begin_checkout", reference=order["reference"])
    return answer


def record(db: Database, checkout: dict[str, Any], session: str | None = None) -> dict[str, Any]:
    """Note what Stripe opened, as the service does."""
    session = session or f"cs_test_{uuid.uuid4().hex}"
    answer: dict[str, Any] = db.service().call(
        "record_checkout",
        checkout_id=checkout["id"],
        session_id=session,
        url=f"https://pay.example/{session}",
    )
    return answer


def opened(db: Database, buyer: Database, order: Order) -> dict[str, Any]:
    return record(db, begin(buyer, order)["checkout"])


def status_of(db: Database, checkout: dict[str, Any]) -> str:
    found: str = db.value("select status from public.checkouts where id = %s", [checkout["id"]])
    return found


def test_a_session_is_frozen_before_stripe_is_asked(
    database: Database, buyer: Database, order: Order
) -> None:
    first = begin(buyer, order)
    assert first["action"] == "create"
    assert first["checkout"]["attempt"] == 1
    assert first["checkout"]["idempotency_key"] == f"{order['id']}:1"
    left = instant(first["checkout"]["expires_at"]) - database.value("select now()")
    assert timedelta(minutes=30, seconds=59) <= left <= timedelta(minutes=31)
    # The answer got lost: the same request is made again, to the letter.
    again = begin(buyer, order)
    assert again["checkout"] == first["checkout"]


def test_an_open_session_is_used_again(database: Database, buyer: Database, order: Order) -> None:
    session = opened(database, buyer, order)
    again = begin(buyer, order)
    assert again["action"] == "reuse"
    assert (again["checkout"]["url"], again["checkout"]["session_id"]) == (
        session["url"],
        session["session_id"],
    )


def test_what_stripe_opened_is_noted_once(database: Database, buyer: Database, order: Order) -> None:
    checkout = begin(buyer, order)["checkout"]
    noted = record(database, checkout, "cs_test_1")
    assert record(database, checkout, "cs_test_1") == noted
    with database.refuses("not_found", 404):
        record(database, checkout, "cs_test_2")
    with database.refuses("not_found", 404):
        record(database, {"id": uuid.uuid4()})


@pytest.mark.parametrize(("left", "attempt"), [("30 minutes 15 seconds", 1), ("30 minutes 14 seconds", 2)])
def test_a_stale_start_is_abandoned(
    database: Database, buyer: Database, order: Order, left: str, attempt: int
) -> None:
    first = begin(buyer, order)["checkout"]
    database.rows(
        "update public.checkouts set expires_at = now() + %s::interval where id = %s", [left, first["id"]]
    )
    again = begin(buyer, order)
    assert (again["action"], again["checkout"]["attempt"]) == ("create", attempt)
    if attempt == 2:
        assert status_of(database, first) == "abandoned"
        assert record(database, first)["status"] == "closing"


@pytest.mark.parametrize(("left", "action"), [("30 seconds", "reuse"), ("29 seconds", "create")])
def test_a_session_about_to_end_is_not_handed_out(
    database: Database, buyer: Database, order: Order, left: str, action: str
) -> None:
    first = opened(database, buyer, order)
    database.rows(
        "update public.checkouts set expires_at = now() + %s::interval where id = %s", [left, first["id"]]
    )
    assert begin(buyer, order)["action"] == action
    assert status_of(database, first) == ("open" if action == "reuse" else "closing")


def test_a_session_that_stripe_ended_is_not_handed_out(
    database: Database, buyer: Database, order: Order
) -> None:
    first = opened(database, buyer, order)
    facts = payment(
        database, order, session_id=first["session_id"], session_status="expired", payment_status="unpaid"
    )
    assert settle(database, facts) == "nothing_to_do"
    assert status_of(database, first) == "expired"
    again = begin(buyer, order)
    assert (again["action"], again["checkout"]["attempt"]) == ("create", 2)


def test_a_free_order_needs_no_till(database: Database, buyer: Database) -> None:
    show = events.event(database)
    order = place(buyer, show, events.ticket_type(database, show, 0), 2)
    answer = begin(buyer, order)
    assert (answer["action"], answer["order"]["status"], answer["order"]["payment_status"]) == (
        "confirmed",
        "confirmed",
        "paid",
    )
    assert events.pool(database, show) == (0, 2)
    assert database.value("select count(*) from public.checkouts") == 0
    assert (
        database.value("select kind from public.deliveries where order_id = %s", [order["id"]])
        == "order_confirmed"
    )
    with database.refuses("already_paid", 409):
        begin(buyer, order)


def test_a_free_hold_lapses_as_any_other(database: Database, buyer: Database) -> None:
    show = events.event(database)
    order = place(buyer, show, events.ticket_type(database, show, 0))
    database.move_clock(HOLD)
    with database.refuses("hold_expired", 410):
        begin(buyer, order)


def test_paying_may_begin_until_the_hold_lapses(database: Database, buyer: Database, order: Order) -> None:
    database.move_clock(HOLD - MICROSECOND)
    begin(buyer, order)
    database.move_clock(HOLD)
    with database.refuses("hold_expired", 410):
        begin(buyer, order)
    database.service().call("expire_holds")
    with database.refuses("hold_expired", 410):
        begin(buyer, order)


def test_what_is_paid_is_not_paid_again(database: Database, buyer: Database, order: Order) -> None:
    paid(database, order)
    with database.refuses("already_paid", 409):
        begin(buyer, order)


def test_what_was_given_back_is_not_paid(database: Database, buyer: Database, order: Order) -> None:
    buyer.call("cancel_order", reference=order["reference"])
    with database.refuses("already_cancelled", 409):
        begin(buyer, order)


def test_a_payment_under_way_is_waited_for(database: Database, buyer: Database, order: Order) -> None:
    assert settle(database, payment(database, order, payment_status="unpaid")) == "processing"
    with database.refuses("payment_processing", 409):
        begin(buyer, order)
    with database.refuses("payment_processing", 409):
        buyer.call("cancel_order", reference=order["reference"])


def test_the_third_failure_ends_it(database: Database, buyer: Database, order: Order) -> None:
    session = opened(database, buyer, order)
    assert [fail(database, order) for _ in range(3)] == ["counted", "counted", "retry_limit"]
    with database.refuses("payment_retry_limit", 409) as refusal:
        begin(buyer, order)
    assert refusal.detail == {"failed_payments": 3}
    assert status_of(database, session) == "closing"


@pytest.mark.parametrize("ending", ["given back", "lapsed"])
def test_a_session_is_closed_at_stripe_when_its_order_no_longer_waits(
    database: Database, buyer: Database, order: Order, ending: str
) -> None:
    session = opened(database, buyer, order)
    if ending == "given back":
        buyer.call("cancel_order", reference=order["reference"])
    else:
        database.move_clock(HOLD)
        database.service().call("expire_holds")
    claimed = database.service().call("claim_checkouts_to_close")
    assert [each["session_id"] for each in claimed] == [session["session_id"]]
    assert database.service().call("close_checkout", session_id=session["session_id"], outcome="expired") == {
        "closed": 1
    }
    assert database.service().call("close_checkout", session_id=session["session_id"], outcome="expired") == {
        "closed": 0
    }
    assert status_of(database, session) == "expired"


def test_a_session_opened_for_an_order_that_is_gone_is_closed(
    database: Database, buyer: Database, order: Order
) -> None:
    checkout = begin(buyer, order)["checkout"]
    buyer.call("cancel_order", reference=order["reference"])
    assert status_of(database, checkout) == "abandoned"
    assert record(database, checkout)["status"] == "closing"


def test_a_paid_session_is_complete(database: Database, buyer: Database, order: Order) -> None:
    session = opened(database, buyer, order)
    settle(database, payment(database, order, session_id=session["session_id"]))
    assert status_of(database, session) == "complete"
    assert database.service().call("claim_checkouts_to_close") == []


def test_sessions_to_close_are_leased(database: Database, buyer: Database, order: Order) -> None:
    opened(database, buyer, order)
    buyer.call("cancel_order", reference=order["reference"])
    first = database.service().call("claim_checkouts_to_close", lease_seconds=60)
    assert len(first) == 1
    assert database.service().call("claim_checkouts_to_close") == []
    database.rows(
        "update public.checkouts set lease_until = now() - interval '1 second' where status = 'closing'"
    )
    second = database.service().call("claim_checkouts_to_close")
    assert second[0]["id"] == first[0]["id"]
    assert second[0]["lease_token"] != first[0]["lease_token"]


def test_an_unknown_ending_closes_nothing(database: Database, buyer: Database, order: Order) -> None:
    session = opened(database, buyer, order)
    for outcome in ("open", "nonsense", None):
        assert database.service().call(
            "close_checkout", session_id=session["session_id"], outcome=outcome
        ) == {"closed": 0}
    assert status_of(database, session) == "open"
    assert state(database, order)[0] == "pending"


def test_an_attempt_that_stripe_fails_for_good_is_followed_by_another(
    database: Database, buyer: Database, order: Order
) -> None:
    first = begin(buyer, order)["checkout"]
    for abandoned in (1, 0):
        answer = database.service().call("abandon_checkout", checkout_id=first["id"])
        assert answer == {"abandoned": abandoned}
    second = begin(buyer, order)["checkout"]
    assert (second["attempt"], second["idempotency_key"]) != (first["attempt"], first["idempotency_key"])
    record(database, second)
    assert database.service().call("abandon_checkout", checkout_id=second["id"]) == {"abandoned": 0}
    assert status_of(database, second) == "open"
