"""What Stripe tells us: proven, once, in any order; and what becomes of the order then."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.api.settling import completed, state
from tests.application import calls_counted
from tests.database import Database
from tests.sandbox import Sandbox, post_webhook
from tests.selling import Guest, list_event


def test_a_paid_session_confirms_its_order_in_two_calls(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], sandbox: Sandbox
) -> None:
    with calls_counted() as calls:
        answer = sandbox.bring(app, completed(paid))
    assert (answer.status_code, answer.data) == (204, b"")
    assert calls == {"stripe": 1, "database": 1}
    order = gaston.read()
    assert (order["status"], order["payment_status"], order["paid_cents"]) == ("confirmed", "paid", 1500)
    assert [(row["kind"], row["amount_cents"], row["status"]) for row in order["payments"]] == [
        ("payment", 1500, "succeeded")
    ]
    assert order["confirmed_at"]
    assert order["can"] == ["cancel", "name"]


def test_every_event_of_a_purchase_is_taken_and_a_repeated_one_changes_nothing(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], sandbox: Sandbox, database: Database
) -> None:
    for event in paid * 3:
        assert sandbox.bring(app, event).status_code == 204
    assert state(gaston) == ("confirmed", "paid", None)
    assert len(gaston.read()["payments"]) == 1
    mails = "select count(*) from public.deliveries where order_id = %s"
    assert database.value(mails, [gaston.order["id"]]) == 1
    assert database.service().call("check_pools") == []


def test_another_event_about_the_same_payment_changes_nothing(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], sandbox: Sandbox
) -> None:
    event = completed(paid)
    twin = event | {"id": f"evt_{uuid.uuid4().hex}", "type": "checkout.session.async_payment_succeeded"}
    for told in (event, twin):
        assert sandbox.bring(app, told).status_code == 204
    assert len(gaston.read()["payments"]) == 1


@pytest.mark.parametrize("age", [301, 3600])
def test_an_old_timestamp_proves_nothing(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], sandbox: Sandbox, age: int
) -> None:
    assert_unproven(sandbox.bring(app, completed(paid), at=time.time() - age))
    assert gaston.read()["status"] == "pending"


def test_a_wrong_signature_proves_nothing(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], stack: Stack
) -> None:
    body, secret = json.dumps(completed(paid)), stack.settings.secrets.stripe_webhook
    assert_unproven(post_webhook(app, body, "whsec_another"))
    right = post_webhook(app, body, secret)
    signature = right.request.headers["Stripe-Signature"]
    for header in ("", "t=1,v1=0", "nonsense", signature.replace("v1=", "v0="), "t=x,v1=y", "é"):
        answer = app.test_client().post(
            "/webhooks/stripe", data=body, headers={"Stripe-Signature": header} if header else {}
        )
        assert_unproven(answer)
    changed = app.test_client().post(
        "/webhooks/stripe", data=body.replace("1500", "1"), headers={"Stripe-Signature": signature}
    )
    assert_unproven(changed)


def event_about(session: str, event: str) -> str:
    facts = {"object": {"id": session, "object": "checkout.session"}}
    return json.dumps({"id": event, "object": "event", "type": "checkout.session.expired", "data": facts})


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "null", "7", '"event"', "{}", '{"type": 7}', '{"id": "evt_1"}',
        '{"id": "evt_1", "object": "event", "type": "checkout.session.completed"}',
        '{"id": "evt_1", "object": "event", "type": "checkout.session.completed", "data": {"object": {}}}',
        '{"id": "evt_1", "object": "event", "type": "checkout.session.completed", "data": {"object": 7}}',
        '{"id": "evt_1", "object": "event", "type": "payment_intent.payment_failed", "data": {"object": {}}}',
        '{"id": "evt_1", "object": "event", "type": "checkout.session.expired", "data": []}',
        event_about("c", "e" * 256), event_about("c" * 256, "e"),
    ],
)  # fmt: skip
def test_a_garbled_body_is_refused_even_when_signed(app: APIFlask, stack: Stack, body: str) -> None:
    answer = post_webhook(app, body, stack.settings.secrets.stripe_webhook)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_ten_megabytes_are_refused(app: APIFlask, stack: Stack) -> None:
    body = json.dumps({"type": "x" * 10 * 1024 * 1024})
    assert post_webhook(app, body, stack.settings.secrets.stripe_webhook).status_code == 413


def test_an_unknown_kind_of_event_is_of_no_interest(
    app: APIFlask, paid: list[dict[str, Any]], sandbox: Sandbox
) -> None:
    with calls_counted() as calls:
        assert sandbox.bring(app, completed(paid) | {"type": "radar.early_fraud"}).status_code == 204
    assert calls == {}


def test_a_session_that_stripe_does_not_know_is_of_no_interest(
    app: APIFlask, paid: list[dict[str, Any]], sandbox: Sandbox, gaston: Guest
) -> None:
    event = completed(paid)
    event["data"]["object"]["id"] = "cs_test_nowhere"
    assert sandbox.bring(app, event).status_code == 204
    assert gaston.read()["status"] == "pending"


@pytest.mark.parametrize(
    ("type", "id"), [("refund.updated", "re_nowhere"), ("charge.dispute.created", "dp_nowhere")]
)
def test_a_refund_or_dispute_that_stripe_does_not_know_is_of_no_interest(
    app: APIFlask, sandbox: Sandbox, type: str, id: str
) -> None:
    kind = type.rpartition(".")[0].removeprefix("charge.")
    told = {"id": f"evt_{uuid.uuid4().hex}", "type": type, "data": {"object": {"id": id, "object": kind}}}
    assert sandbox.bring(app, told).status_code == 204


def test_a_session_of_somebody_elses_shop_is_of_no_interest(
    app: APIFlask, database: Database, sandbox: Sandbox
) -> None:
    session = sandbox.open_session(client_reference_id="a shop of its own")
    sandbox.pay(session)
    for event in sandbox.events_of(session):
        assert sandbox.bring(app, event).status_code == 204
    assert database.value("select count(*) from public.payments where session_id = %s", [session]) == 0


def test_the_event_is_a_hint_and_stripe_is_asked_afresh(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    gaston.hold(list_event(database))
    session = sandbox.session(gaston.checkout()["session_id"])
    lie = {
        "id": f"evt_{uuid.uuid4().hex}",
        "object": "event",
        "type": "checkout.session.completed",
        "data": {"object": session | {"payment_status": "paid", "status": "complete"}},
    }
    assert sandbox.bring(app, lie).status_code == 204
    assert state(gaston)[:2] == ("pending", "unpaid")


@pytest.mark.parametrize("amount", [1499, 1501, 1])
def test_a_wrong_amount_is_held_for_review(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox, amount: int
) -> None:
    gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    sandbox.pay(session, amount=amount)
    for event in sandbox.events_of(session):
        assert sandbox.bring(app, event).status_code == 204
    order = gaston.read()
    assert order["status"] == "pending"
    assert [(row["amount_cents"], row["status"]) for row in order["payments"]] == [(amount, "review")]
    assert (order["in_review"], "pay" in order["can"]) == (True, False)
    again = gaston.post(f"/orders/{order['reference']}/checkout")
    assert (again.status_code, again.json["code"]) == (409, "payment_in_review")


def test_a_wrong_currency_is_held_for_review(
    app: APIFlask, gaston: Guest, database: Database, sandbox: Sandbox
) -> None:
    gaston.hold(list_event(database))
    session = sandbox.open_session(currency="usd", amount=1500, metadata={"order_id": gaston.order["id"]})
    sandbox.pay(session)
    assert sandbox.bring(app, completed(sandbox.events_of(session))).status_code == 204
    order = gaston.read()
    assert (order["status"], order["payments"][0]["status"]) == ("pending", "review")


def test_stripe_being_down_means_come_again(
    app: APIFlask, gaston: Guest, paid: list[dict[str, Any]], sandbox: Sandbox
) -> None:
    sandbox.spoil("server_error", "/v1/checkout/sessions/*", times=None)
    assert sandbox.bring(app, completed(paid)).status_code == 503
    sandbox.clear_faults()
    assert gaston.read()["status"] == "pending"
    assert sandbox.bring(app, completed(paid)).status_code == 204
    assert gaston.read()["status"] == "confirmed"


def assert_unproven(answer: Any) -> None:
    assert (answer.status_code, answer.json["code"]) == (400, "webhook_unproven")
    assert answer.mimetype == "application/problem+json"
