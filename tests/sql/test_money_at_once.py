"""Money at once: Stripe tells a thing twice, buyers change their minds, several workers reach out."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.database import Database
from tests.sql import events
from tests.sql.attempts import Attempt, editing, giving_back, paying
from tests.sql.crowd import Crowd
from tests.sql.orders import fail, holding, payment, place_as_guest, settle


def test_one_payment_told_ten_times_at_once_has_one_effect(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))
    facts = payment(crowd.owner, order)
    answers = crowd.rush(
        [lambda db: settle(db, facts)] * 5 + [lambda db: settle(db, facts, f"evt_{order['id']}")] * 5
    )
    assert Counter(answers) == {"confirmed": 1, "repeated": 9}
    assert events.pool(crowd.owner, show) == (0, 1)
    assert crowd.owner.value("select count(*) from public.deliveries where order_id = %s", [order["id"]]) == 1


def test_two_payments_at_once_confirm_once_and_refund_once(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))
    answers = crowd.rush([paying(order)] * 2)
    assert Counter(answers) == {"confirmed": 1, "paid_twice": 1}


def test_failures_at_once_are_each_counted(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))
    answers = crowd.rush([lambda db: fail(db, order)] * 6)
    assert Counter(answers) == {"counted": 2, "retry_limit": 1, "nothing_to_do": 3}


def test_given_back_and_paid_at_once_keeps_money_and_seat_together(crowd: Crowd) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    for _ in range(5):
        order = place_as_guest(crowd.owner, show, seat)
        answers = set(crowd.rush([giving_back(order), paying(order)]))
        # Whoever pays first and then gives back has their money coming back.
        assert answers in ({"cancelled", "refund_requested"}, {"confirmed"})
    assert crowd.owner.service().call("check_pools") == []


def test_a_session_is_begun_once_however_often_one_clicks(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))

    def begin(db: Database) -> Any:
        return holding(db, order).call("begin_checkout", reference=order["reference"])["checkout"][
            "idempotency_key"
        ]

    assert set(crowd.rush([begin] * 8)) == {f"{order['id']}:1"}


def test_more_is_never_asked_back_at_once_than_was_paid(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))
    settle(crowd.owner, payment(crowd.owner, order))
    paid_with = crowd.owner.value("select id from public.payments where order_id = %s", [order["id"]])

    def ask(db: Database) -> Any:
        events.insert(
            db,
            "payments",
            order_id=order["id"],
            kind="refund",
            refunded_payment_id=paid_with,
            amount_cents=-300,
            currency="EUR",
            status="succeeded",
        )
        return "asked"

    assert Counter(crowd.rush([ask] * 6)) == {"asked": 3, "refund_exceeds_payment": 3}
    assert crowd.owner.value("select refunded_cents from public.orders where id = %s", [order["id"]]) == 900


def test_refunds_of_two_payments_at_once_are_both_summed(crowd: Crowd) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    for _ in range(5):
        order = place_as_guest(crowd.owner, show, seat)
        for _ in range(2):
            settle(crowd.owner, payment(crowd.owner, order))
        crowd.owner.rows(
            """insert into public.payments
              (order_id, kind, refunded_payment_id, amount_cents, currency, status)
            select order_id, 'refund', id, -amount_cents, currency, 'requested' from public.payments
            where order_id = %s and kind = 'payment' and not exists (
              select from public.payments as known where known.refunded_payment_id = payments.id
            )""",
            [order["id"]],
        )
        claimed = [
            each for each in crowd.owner.service().call("claim_refunds") if each["order_id"] == order["id"]
        ]
        assert len(claimed) == 2

        def record(refund: dict[str, Any]) -> Attempt:
            return lambda db: db.service().call(
                "record_refund",
                payment_id=refund["id"],
                lease_token=refund["lease_token"],
                outcome="succeeded",
                stripe_refund_id=f"re_{refund['id']}",
                error=None,
            )

        crowd.rush(map(record, claimed))
        assert (
            crowd.owner.value("select refunded_cents from public.orders where id = %s", [order["id"]]) == 2000
        )


def test_work_is_claimed_once_by_many_workers(crowd: Crowd) -> None:
    show = crowd.event(capacity=20)
    seat = events.ticket_type(crowd.owner, show, 0)
    for _ in range(12):
        order = place_as_guest(crowd.owner, show, seat)
        holding(crowd.owner, order).call("begin_checkout", reference=order["reference"])
    claims = crowd.rush([lambda db: db.service().call("claim_deliveries", batch=5)] * 6)
    ids = [each["id"] for claim in claims for each in claim]
    assert len(ids) == len(set(ids)) >= 12
    crowd.owner.rows("update public.deliveries set status = 'dead' where id = any(%s::uuid[])", [ids])


def test_refusals_of_the_rush_are_words_and_never_deadlocks(crowd: Crowd) -> None:
    """Someone edits an order in the dashboard while its money arrives: they share only the row."""
    show = crowd.event(capacity=50)
    seat = events.ticket_type(crowd.owner, show)
    for _ in range(5):
        order = place_as_guest(crowd.owner, show, seat)
        renaming = editing("orders", order["id"], buyer_name="Gus Junior")
        assert crowd.rush([renaming, paying(order)]) == [None, "confirmed"]
