"""Stripe at the wire: what we send, what Stripe may answer, and which webhooks are believed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from requests_mock import Mocker

from services.outside.stripe import KeptFailure, Stripe
from services.refusals import Refusal, Unavailable
from tests.contract.outside import settings

SESSIONS = "https://api.stripe.com/v1/checkout/sessions"
SESSION = {
    "id": "cs_test_1",
    "object": "checkout.session",
    "status": "open",
    "url": "https://checkout.stripe.com/c/pay/cs_test_1",
    "metadata": {"reference": "GC2026-7K3M9Q"},
}
EVENT = {"id": "evt_1", "object": "event", "type": "checkout.session.completed", "data": {"object": SESSION}}


@pytest.fixture
def wire() -> Iterator[Mocker]:
    with Mocker() as mocker:
        yield mocker


@pytest.fixture
def stripe() -> Stripe:
    return Stripe(settings())


def declined(status: int, kind: str, code: str = "") -> dict[str, Any]:
    return {"status_code": status, "json": {"error": {"type": kind, "code": code, "message": "No."}}}


def signed(body: bytes, secret: str = "whsec_of_the_tests_alone", age: int = 0) -> str:
    at = int(time.time()) - age
    signature = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signature}"


def test_a_checkout_is_opened_with_its_key_and_answered_as_plain_dicts(wire: Mocker, stripe: Stripe) -> None:
    wire.post(SESSIONS, json=SESSION)
    opened = stripe.open_checkout(
        {"mode": "payment", "metadata": {"reference": "GC2026-7K3M9Q"}}, "checkout:1"
    )
    request = wire.request_history[0]
    assert opened == SESSION
    assert type(opened["metadata"]) is dict
    assert request.headers["Idempotency-Key"] == "checkout:1"
    assert request.headers["Authorization"] == "Bearer sk_test_x"
    assert "mode=payment" in request.text
    assert "metadata[reference]=GC2026-7K3M9Q" in unquote(request.text)
    assert request.timeout


def test_a_checkout_is_read_with_its_charge_when_asked(wire: Mocker, stripe: Stripe) -> None:
    wire.get(f"{SESSIONS}/cs_test_1", json=SESSION)
    stripe.read_checkout("cs_test_1")
    stripe.read_checkout("cs_test_1", expanded=True)
    expanded = [request.qs for request in wire.request_history]
    assert expanded == [{}, {"expand[0]": ["payment_intent.latest_charge"]}]


def test_a_refund_names_its_payment_amount_and_key(wire: Mocker, stripe: Stripe) -> None:
    wire.post(
        "https://api.stripe.com/v1/refunds", json={"id": "re_1", "object": "refund", "status": "succeeded"}
    )
    assert stripe.refund("pi_1", 700, "refund:1", {"order_id": "o-1"})["status"] == "succeeded"
    request = wire.request_history[0]
    assert "payment_intent=pi_1" in request.text
    assert "amount=700" in request.text
    assert request.headers["Idempotency-Key"] == "refund:1"


def test_the_sandbox_is_asked_instead_when_it_is_named(wire: Mocker) -> None:
    wire.post(
        "http://127.0.0.1:54330/v1/checkout/sessions/cs_test_1/expire", json={**SESSION, "status": "expired"}
    )
    closed = Stripe(settings(stripe_api_url="http://127.0.0.1:54330")).expire_checkout("cs_test_1")
    assert closed["status"] == "expired"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (declined(400, "invalid_request_error", "parameter_missing"), "parameter_missing"),
        (declined(400, "idempotency_error"), None),
        (declined(402, "card_error", "card_declined"), "card_declined"),
        (declined(404, "invalid_request_error", "resource_missing"), "resource_missing"),
    ],
)
def test_a_definite_no_is_a_refusal(
    wire: Mocker, stripe: Stripe, answer: dict[str, Any], code: str | None
) -> None:
    wire.post(f"{SESSIONS}/cs_test_1/expire", **answer)
    with pytest.raises(Refusal) as refused:
        stripe.expire_checkout("cs_test_1")
    assert refused.value.word == "stripe_refused"
    assert (refused.value.detail["code"] or None) == code


@pytest.mark.parametrize(
    "answer",
    [
        {"exc": requests.ConnectTimeout},
        {"exc": requests.ReadTimeout},
        {"exc": requests.ConnectionError},
        declined(500, "api_error"),
        declined(503, "api_error"),
        declined(409, "invalid_request_error", "lock_timeout"),
        declined(429, "invalid_request_error", "rate_limit"),
        declined(401, "invalid_request_error"),
        declined(403, "invalid_request_error"),
        {"text": "<html>welcome</html>"},
        {"text": "<html>Bad gateway</html>", "status_code": 502},
    ],
)
def test_what_is_no_answer_means_that_stripe_is_away(
    wire: Mocker, stripe: Stripe, answer: dict[str, Any], no_waiting: None
) -> None:
    wire.post(SESSIONS, **answer)
    with pytest.raises(Unavailable) as raised:
        stripe.open_checkout({"mode": "payment"}, "checkout:1")
    assert raised.value.provider == "stripe"


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        {},
        {**SESSION, "id": None},
        {**SESSION, "id": "seti_1"},
        {**SESSION, "url": None},
        {**SESSION, "url": "javascript:alert(1)"},
        {name: value for name, value in SESSION.items() if name != "url"},
    ],
)
def test_a_checkout_without_a_page_is_none(wire: Mocker, stripe: Stripe, nonsense: Any) -> None:
    wire.post(SESSIONS, json=nonsense)
    with pytest.raises(Unavailable):
        stripe.open_checkout({"mode": "payment"}, "checkout:1")


@pytest.mark.parametrize(
    "failure", [{"exc": requests.ConnectionError}, declined(503, "api_error")], ids=["no answer", "503"]
)
def test_a_call_that_failed_on_the_way_is_repeated_with_the_same_key(
    wire: Mocker, stripe: Stripe, no_waiting: None, failure: dict[str, Any]
) -> None:
    wire.post(SESSIONS, [failure, {"json": SESSION}])
    assert stripe.open_checkout({"mode": "payment"}, "checkout:1") == SESSION
    assert {request.headers["Idempotency-Key"] for request in wire.request_history} == {"checkout:1"}


def test_a_failure_kept_under_a_key_is_told_from_one_that_may_pass(
    wire: Mocker, stripe: Stripe, no_waiting: None
) -> None:
    failure = declined(500, "api_error")
    wire.post(SESSIONS, [failure, {**failure, "headers": {"Idempotent-Replayed": "true"}}])
    with pytest.raises(KeptFailure):
        stripe.open_checkout({"mode": "payment"}, "checkout:1")


def test_a_refund_is_found_by_our_own_id(wire: Mocker, stripe: Stripe) -> None:
    made = [{"id": f"re_{id}", "object": "refund", "metadata": {"refund_id": id}} for id in ("1", "2")]
    wire.get("https://api.stripe.com/v1/refunds", json={"object": "list", "data": made, "has_more": False})
    assert stripe.find_refund("pi_1", "2") == made[1]
    assert stripe.find_refund("pi_1", "3") is None
    assert "payment_intent=pi_1" in wire.request_history[0].url


def test_a_proven_webhook_gives_its_event(stripe: Stripe) -> None:
    body = json.dumps(EVENT).encode()
    assert stripe.verify_webhook(body, signed(body)) == EVENT


@pytest.mark.parametrize(
    "sign",
    [
        lambda _: "",
        lambda _: "t=1,v1=nonsense",
        lambda _: f"t={int(time.time())},v1=é",
        lambda body: signed(body, secret="whsec_other"),
        lambda body: signed(body + b" "),
        lambda body: signed(body, age=301),
    ],
)
def test_an_unproven_webhook_is_refused(stripe: Stripe, sign: Callable[[bytes], str]) -> None:
    body = json.dumps(EVENT).encode()
    with pytest.raises(Refusal) as refused:
        stripe.verify_webhook(body, sign(body))
    assert (refused.value.word, refused.value.status) == ("webhook_unproven", 400)


@pytest.mark.parametrize("body", [b"nonsense", b"[" * 100_000])
def test_a_proven_webhook_that_is_not_json_is_refused(stripe: Stripe, body: bytes) -> None:
    with pytest.raises(Refusal, match="bad_request"):
        stripe.verify_webhook(body, signed(body))


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe's library waits between its attempts; a test need not."""
    monkeypatch.setattr("stripe.HTTPClient._sleep_time_seconds", lambda *_: 0, raising=False)
