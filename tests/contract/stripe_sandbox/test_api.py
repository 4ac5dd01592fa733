"""The sandbox answers Stripe's own library as Stripe does."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from .running import Sandbox, line, session_params


def test_a_session_carries_what_it_was_made_with(sandbox: Sandbox) -> None:
    session = sandbox.open_session(line_items=[line("Seat", 2400), line("Student", 700, quantity=2)])

    assert session.id.startswith("cs_test_")
    assert session.url == f"{sandbox.url}/c/pay/{session.id}"
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency) == (3800, "eur")
    assert session.metadata is not None
    assert session.metadata["order_id"] == "order-1"
    lines = sandbox.client.v1.checkout.sessions.line_items.list(session.id)
    assert [(entry.description, entry.amount_total, entry.quantity) for entry in lines.data] == [
        ("Seat", 2400, 1),
        ("Student", 1400, 2),
    ]


def test_a_paid_session_expands_to_its_charge(sandbox: Sandbox) -> None:
    session = sandbox.open_session()
    sandbox.pull(f"sessions/{session.id}/pay", charged_at=1_790_000_000)

    expand = ["payment_intent.latest_charge.balance_transaction", "line_items"]
    paid = sandbox.client.v1.checkout.sessions.retrieve(session.id, {"expand": expand})

    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent: Any = paid.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["order_id"]) == (
        "succeeded",
        2400,
        "order-1",
    )
    charge = intent.latest_charge
    assert (charge.status, charge.captured, charge.created) == ("succeeded", True, 1_790_000_000)
    assert charge.balance_transaction.net == 2400 - 36 - 25
    assert paid.line_items is not None
    assert paid.line_items.data[0].description == "Standard seat"


AMOUNT = "line_items[0][price_data][unit_amount]"


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"expires_at": int(time.time()) + 29 * 60}, "expires_at", None),
        ({"expires_at": int(time.time()) + 25 * 3600}, "expires_at", None),
        ({"success_url": "orders/GC-1"}, "success_url", "url_invalid"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"line_items": None}, "line_items", "parameter_missing"),
        ({"line_items": [line("Seat", -1)]}, AMOUNT, "parameter_invalid_integer"),
        ({"line_items": [line("Seat", "9.5")]}, AMOUNT, "parameter_invalid_integer"),
        ({"line_items": [line("Seat", 900, "zzz")]}, "line_items[0][price_data][currency]", None),
        ({"line_items": [line("Seat", 900), line("Seat", 900, "usd")]}, "line_items", None),
        ({"line_items": [line("Seat", 49)]}, None, "amount_too_small"),
        ({"line_items": [line("Seat", 99_999_999, quantity=2)]}, None, "amount_too_large"),
        ({"customer_email": "ana"}, "customer_email", "email_invalid"),
        ({"customer_email": None, "customer": "cus_none"}, "customer", "resource_missing"),
        ({"client_reference_id": "x" * 201}, "client_reference_id", None),
        ({"metadata": {f"key{n}": "x" for n in range(51)}}, "metadata", None),
        ({"metadata": {"key": "x" * 501}}, "metadata[key]", None),
        ({"mode": "subscription"}, "mode", None),
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"payment_intent_data": {"colour": "red"}}, "payment_intent_data[colour]", "parameter_unknown"),
        ({"expand": ["colour"]}, None, None),
    ],
)  # fmt: skip
def test_bad_parameters_are_named(
    sandbox: Sandbox, changes: dict[str, Any], param: str | None, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        sandbox.open_session(**changes)

    assert (refusal.value.http_status, refusal.value.param, refusal.value.code) == (400, param, code)
    assert sandbox.client.v1.checkout.sessions.list().data == []


def test_the_key_is_checked(sandbox: Sandbox) -> None:
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key"):
        sandbox.client_with("sk_test_other").v1.customers.create()


def test_unknown_things_are_missing(sandbox: Sandbox) -> None:
    api = sandbox.client.v1
    for retrieve in (
        api.checkout.sessions.retrieve,
        api.payment_intents.retrieve,
        api.charges.retrieve,
        api.refunds.retrieve,
        api.events.retrieve,
        api.customers.retrieve,
        api.products.retrieve,
    ):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            retrieve("xx_none")
        assert refusal.value.http_status == 404


def test_a_customer_may_stand_behind_a_session(sandbox: Sandbox) -> None:
    ana = sandbox.client.v1.customers.create({"email": "ana@example.com", "metadata": {"user": "1"}})
    sandbox.open_session()
    hers = sandbox.open_session(customer=ana.id, customer_email=None)

    assert sandbox.client.v1.customers.retrieve(ana.id).email == "ana@example.com"
    assert [found.id for found in sandbox.client.v1.checkout.sessions.list({"customer": ana.id})] == [hers.id]


def test_lists_are_filtered_and_paged(sandbox: Sandbox) -> None:
    opened = [sandbox.open_session().id for _ in range(5)]
    sandbox.pull(f"sessions/{opened[0]}/pay")
    sessions = sandbox.client.v1.checkout.sessions

    first = sessions.list({"limit": 2})
    assert ([entry.id for entry in first.data], first.has_more) == ([opened[4], opened[3]], True)
    assert [entry.id for entry in first.auto_paging_iter()] == opened[::-1]
    before = sessions.list({"limit": 2, "ending_before": opened[1]})
    assert ([entry.id for entry in before.data], before.has_more) == ([opened[3], opened[2]], True)
    (paid,) = sessions.list({"status": "complete"}).data
    assert [entry.id for entry in sessions.list({"payment_intent": str(paid.payment_intent)})] == [opened[0]]
    now = int(time.time())
    assert len(sessions.list({"created": {"gte": now - 60}}).data) == 5
    assert sessions.list({"created": {"gte": now + 60}}).data == []
    with pytest.raises(stripe.InvalidRequestError):
        sessions.list({"limit": 101})


def test_only_open_sessions_expire(sandbox: Sandbox) -> None:
    lapsed, paid = sandbox.open_session(), sandbox.open_session()
    sandbox.pull(f"sessions/{paid.id}/pay")

    assert sandbox.client.v1.checkout.sessions.expire(lapsed.id).status == "expired"
    for closed in (lapsed, paid):
        with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
            sandbox.client.v1.checkout.sessions.expire(closed.id)


def test_a_refund_may_be_partial_but_never_more_than_was_paid(sandbox: Sandbox) -> None:
    intent = paid_intent(sandbox)
    refunds = sandbox.client.v1.refunds

    part = refunds.create({"payment_intent": intent, "amount": 900, "reason": "requested_by_customer"})
    assert (part.status, part.amount, part.payment_intent) == ("succeeded", 900, intent)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as refusal:
        refunds.create({"payment_intent": intent, "amount": 1501})
    assert refusal.value.param == "amount"
    rest = refunds.create({"charge": str(part.charge)})
    assert rest.amount == 1500
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        refunds.create({"payment_intent": intent})
    assert refusal.value.code == "charge_already_refunded"
    assert [refund.id for refund in refunds.list({"payment_intent": intent})] == [rest.id, part.id]
    charge = sandbox.client.v1.charges.retrieve(str(part.charge))
    assert (charge.amount_refunded, charge.refunded) == (2400, True)


def test_what_was_never_paid_is_not_refunded(sandbox: Sandbox) -> None:
    session = sandbox.open_session()
    declined = sandbox.pull(f"sessions/{session.id}/decline")

    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        sandbox.client.v1.refunds.create({"payment_intent": declined["payment_intent"]})


def test_a_repeated_key_gets_the_first_answer(sandbox: Sandbox) -> None:
    sessions = sandbox.client.v1.checkout.sessions
    params: Any = session_params()
    first = sessions.create(params, {"idempotency_key": "checkout-1"})
    again = sessions.create(params, {"idempotency_key": "checkout-1"})

    assert first.id == again.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        sessions.create(params | {"client_reference_id": "order-2"}, {"idempotency_key": "checkout-1"})
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        sandbox.client.v1.customers.create({}, {"idempotency_key": "checkout-1"})


def test_the_same_key_at_the_same_time_acts_once(sandbox: Sandbox) -> None:
    params: Any = session_params()

    def create(_: int) -> str:
        key: Any = {"idempotency_key": "checkout-1"}
        return sandbox.client.v1.checkout.sessions.create(params, key).id

    with ThreadPoolExecutor(8) as together:
        assert len(set(together.map(create, range(8)))) == 1


def test_a_repeated_key_gets_the_first_refusal(sandbox: Sandbox) -> None:
    intent = paid_intent(sandbox)
    refunds = sandbox.client.v1.refunds
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match=r"unrefunded amount on charge \(€24.00\)"):
            refunds.create({"payment_intent": intent, "amount": 9900}, {"idempotency_key": "refund-1"})
        refunds.create({"payment_intent": intent, "amount": 100})


def test_what_fails_validation_may_be_sent_again(sandbox: Sandbox) -> None:
    sessions = sandbox.client.v1.checkout.sessions
    params: Any = session_params()
    with pytest.raises(stripe.InvalidRequestError):
        sessions.create(params | {"customer_email": "ana"}, {"idempotency_key": "checkout-1"})

    assert sessions.create(params, {"idempotency_key": "checkout-1"}).status == "open"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_call_may_time_out_before_or_after_acting(sandbox: Sandbox, moment: str) -> None:
    key: Any = {"idempotency_key": "checkout-1"}
    params: Any = session_params()
    sessions = sandbox.client.v1.checkout.sessions
    with sandbox.spoiled(effect="timeout", moment=moment, method="POST", path="/v1/checkout/sessions"):
        with pytest.raises(stripe.APIConnectionError):
            sessions.create(params, key)
        acted = [session.id for session in sessions.list()]
        assert len(acted) == (moment == "after")
        retried = sessions.create(params, key)
    assert [session.id for session in sessions.list()] == [retried.id]
    assert not acted or acted == [retried.id]


def test_a_call_may_fail_on_demand(sandbox: Sandbox) -> None:
    create = sandbox.client.v1.customers.create
    with sandbox.spoiled(effect="rate_limit"), pytest.raises(stripe.RateLimitError):
        create()
    with sandbox.spoiled(effect="server_error", times=2):
        for _ in range(2):
            with pytest.raises(stripe.APIError):
                create()
        create()


def test_a_server_error_may_be_remembered(sandbox: Sandbox) -> None:
    create = sandbox.client.v1.customers.create
    with sandbox.spoiled(effect="server_error", remembered=True):
        for _ in range(2):
            with pytest.raises(stripe.APIError):
                create({}, {"idempotency_key": "customer-1"})
    assert create({}, {"idempotency_key": "customer-2"}).id


def test_a_disputed_charge_is_not_refunded(sandbox: Sandbox) -> None:
    intent = sandbox.client.v1.payment_intents.retrieve(paid_intent(sandbox))
    dispute = sandbox.pull(f"charges/{intent.latest_charge}/dispute")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        sandbox.client.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_disputed"
    assert sandbox.client.v1.disputes.retrieve(dispute["id"]).status == "needs_response"
    sandbox.pull(f"disputes/{dispute['id']}/decide", won=True)
    assert sandbox.client.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"


def paid_intent(sandbox: Sandbox) -> str:
    """The intent of a session that was paid with 24 euros."""
    intent: str = sandbox.pull(f"sessions/{sandbox.open_session().id}/pay")["payment_intent"]
    return intent


def test_a_payment_of_the_past_is_refunded_like_any_other(sandbox: Sandbox) -> None:
    past = {
        "payment_intent": "pi_sample_1",
        "amount": 2500,
        "currency": "eur",
        "created": 1_790_000_000,
    }
    assert sandbox.pull("payments", payments=[past]) == {"added": 1}
    assert sandbox.pull("payments", payments=[past]) == {"added": 0}

    refund = sandbox.client.v1.refunds.create({"payment_intent": "pi_sample_1", "amount": 1000})

    assert (refund.status, refund.amount) == ("succeeded", 1000)
