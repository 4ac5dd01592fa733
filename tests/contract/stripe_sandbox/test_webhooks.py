"""Events arrive as Stripe sends them, and as badly as a test wants."""

from __future__ import annotations

from typing import Any

import pytest

from tests.waiting import eventually

from .running import Listener, Sandbox

PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


def test_a_payment_is_told_in_signed_events(sandbox: Sandbox, listener: Listener) -> None:
    session = sandbox.open_session()
    sandbox.pull(f"sessions/{session.id}/pay")

    assert sorted(listener.wait_for(4)) == sorted(PAID)
    (completed,) = [event for event in listener.events if event.type == "checkout.session.completed"]
    assert completed.data.object["id"] == session.id
    assert completed.data.object["payment_status"] == "paid"
    assert completed.data.object["metadata"]["order_id"] == "order-1"
    eventually(lambda: sandbox.client.v1.events.retrieve(completed.id).pending_webhooks == 0)


def test_a_declined_card_is_told_and_the_session_stays_open(sandbox: Sandbox, listener: Listener) -> None:
    session = sandbox.open_session()
    for _ in range(2):
        sandbox.pull(f"sessions/{session.id}/decline")

    types = listener.wait_for(5)
    assert types.count("payment_intent.created") == 1
    assert types.count("payment_intent.payment_failed") == 2
    assert types.count("charge.failed") == 2
    assert sandbox.client.v1.checkout.sessions.retrieve(session.id).status == "open"


@pytest.mark.parametrize(
    ("succeeds", "status", "told"),
    [
        (True, "paid", "checkout.session.async_payment_succeeded"),
        (False, "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_a_delayed_method_decides_later(
    sandbox: Sandbox, listener: Listener, succeeds: bool, status: str, told: str
) -> None:
    session = sandbox.pull(f"sessions/{sandbox.open_session().id}/pay_later", succeeds=succeeds, seconds=0.2)

    assert (session["status"], session["payment_status"]) == ("complete", "unpaid")
    eventually(lambda: told in listener.types)
    assert "checkout.session.completed" in listener.types
    assert sandbox.client.v1.checkout.sessions.retrieve(session["id"]).payment_status == status


def test_a_delayed_method_can_be_decided_now(sandbox: Sandbox, listener: Listener) -> None:
    session = sandbox.pull(f"sessions/{sandbox.open_session().id}/pay_later")

    intent = sandbox.pull(f"payment_intents/{session['payment_intent']}/settle")

    assert intent["status"] == "succeeded"
    eventually(lambda: "checkout.session.async_payment_succeeded" in listener.types)


def test_an_expired_session_is_told_with_its_cancelled_intent(sandbox: Sandbox, listener: Listener) -> None:
    session = sandbox.open_session()
    sandbox.pull(f"sessions/{session.id}/decline")
    sandbox.client.v1.checkout.sessions.expire(session.id)

    eventually(lambda: {"checkout.session.expired", "payment_intent.canceled"} <= set(listener.types))
    expired = next(event for event in listener.events if event.type == "checkout.session.expired")
    assert expired.request is not None
    assert str(expired.request.id).startswith("req_")


def test_refunds_are_told_even_those_from_the_dashboard_and_those_that_come_back(
    sandbox: Sandbox, listener: Listener
) -> None:
    session = sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")
    refund = sandbox.pull(f"payment_intents/{session['payment_intent']}/refund", amount=1000)
    assert {"refund.created", "charge.refunded"} <= set(listener.wait_for(6))

    failed = sandbox.pull(f"refunds/{refund['id']}/fail")

    assert (failed["status"], failed["failure_reason"]) == ("failed", "expired_or_canceled_card")
    assert {"refund.failed", "refund.updated"} <= set(listener.wait_for(9))
    charge = sandbox.client.v1.charges.retrieve(refund["charge"])
    assert (charge.amount_refunded, charge.refunded) == (0, False)


def test_a_refused_webhook_is_sent_again(sandbox: Sandbox, listener: Listener) -> None:
    listener.status = 500
    sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")
    listener.wait_for(4)
    pending = sandbox.client.v1.events.list({"delivery_success": False})
    assert sorted(event.type for event in pending) == sorted(PAID)

    listener.status = 200

    assert sorted(listener.wait_for(8)[4:8]) == sorted(PAID)
    eventually(lambda: not sandbox.client.v1.events.list({"delivery_success": False}).data)


def test_events_are_listed_by_type(sandbox: Sandbox) -> None:
    sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")
    events = sandbox.client.v1.events

    assert [event.type for event in events.list()] == PAID[::-1]
    assert len(events.list({"type": "payment_intent.*"}).data) == 2
    assert len(events.list({"types": ["charge.succeeded", "checkout.session.completed"]}).data) == 2
    assert len(events.list({"type": "payment_intent"}).data) == 0


def test_held_events_arrive_in_the_order_a_test_wants(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.pull("faults/webhooks", effect="hold")
    sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")
    assert listener.received == []

    sent = sandbox.pull("webhooks/release", order="reversed")

    assert listener.types == PAID[::-1]
    assert [(answer["type"], answer["status"]) for answer in sent] == [(kind, 200) for kind in PAID[::-1]]


def test_held_events_may_be_released_one_by_one(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.pull("faults/webhooks", effect="hold")
    sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")
    first, *_, last = sandbox.client.v1.events.list().data

    sandbox.pull("webhooks/release", order=[first.id, last.id])

    assert [event.id for event in listener.events] == [first.id, last.id]


@pytest.mark.parametrize(
    ("rule", "arrivals"),
    [
        ({"effect": "drop", "types": ["checkout.session.*"]}, 0),
        ({"effect": "duplicate", "types": ["checkout.session.completed"], "copies": 2}, 3),
        ({"effect": "delay", "types": ["checkout.session.completed"], "seconds": 0.3}, 1),
    ],
)
def test_events_may_be_lost_doubled_or_late(
    sandbox: Sandbox, listener: Listener, rule: dict[str, Any], arrivals: int
) -> None:
    sandbox.pull("faults/webhooks", **rule)
    sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")

    types = listener.wait_for(3 + arrivals)

    assert types.count("checkout.session.completed") == arrivals
    lost = sandbox.client.v1.events.list({"delivery_success": False, "type": "checkout.session.completed"})
    assert len(lost.data) == (arrivals == 0)


def test_any_event_can_be_sent_again(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")
    listener.wait_for(4)
    (event,) = sandbox.client.v1.events.list({"type": "charge.succeeded"}).data

    assert sandbox.pull(f"events/{event.id}/send")["status"] == 200
    assert listener.types.count("charge.succeeded") == 2


def test_a_restart_forgets_nothing(sandbox: Sandbox, listener: Listener) -> None:
    listener.status = 503
    session = sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")
    listener.wait_for(4)
    sandbox.stop()
    listener.status = 200
    sandbox.start()

    assert sandbox.client.v1.checkout.sessions.retrieve(session["id"]).payment_status == "paid"
    assert sorted(listener.wait_for(8)[4:8]) == sorted(PAID)
