"""Stripe, through its own library. Answers are plain dicts, shaped as Stripe's API describes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import stripe

from services.outside.provider import Provider
from services.refusals import Refusal, Unavailable

if TYPE_CHECKING:
    from config import Settings

# Seconds to connect and to answer; asked once more, a silent Stripe costs a buyer eighteen seconds at most.
TIMEOUT = (1.0, 8.0)
SIGNATURE_TOLERANCE = 300  # seconds a webhook may be old


NONSENSE = "answered something unexpected"


class KeptFailure(Unavailable):
    """Stripe keeps this failure under the idempotency key: the same call can never succeed again."""


class Unknown(Refusal):
    """Stripe knows nothing of this: another account's, or an invention."""


class Stripe:
    """The few things we ask of Stripe. Every call that creates carries the caller's idempotency key."""

    def __init__(self, settings: Settings) -> None:
        self._webhook_secret = settings.stripe_webhook_secret
        self._provider = Provider("stripe")
        self._client = stripe.StripeClient(
            settings.stripe_secret_key,
            base_addresses={"api": settings.stripe_api_url} if settings.stripe_api_url else {},
            # Keeps one session, and so one kept-alive connection, per thread.
            http_client=stripe.RequestsClient(timeout=TIMEOUT),
            max_network_retries=1,
        )

    def open_checkout(self, params: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Create a Checkout Session: it has an id and a page of its own, or Stripe counts as unavailable."""
        with self._calling("open_checkout"):
            options: stripe.RequestOptions = {"idempotency_key": idempotency_key}
            session = self._client.v1.checkout.sessions.create(params, options).to_dict()  # type: ignore[arg-type]
            if not (_begins(session.get("id"), "cs_") and _begins(session.get("url"), "https://", "http://")):
                raise Unavailable("stripe", NONSENSE)
            return session

    def read_checkout(self, session_id: str, *, expanded: bool = False) -> dict[str, Any]:
        """Read a Checkout Session; `expanded` includes its payment intent with the latest charge."""
        expand = ["payment_intent.latest_charge"] if expanded else []
        with self._calling("read_checkout"):
            return self._client.v1.checkout.sessions.retrieve(session_id, {"expand": expand}).to_dict()

    def expire_checkout(self, session_id: str) -> dict[str, Any]:
        """Close an open session. Raises Refusal `stripe_refused` if it is open no more: read it again."""
        with self._calling("expire_checkout"):
            return self._client.v1.checkout.sessions.expire(session_id).to_dict()

    def refund(
        self,
        payment_intent_id: str,
        amount_cents: int,
        idempotency_key: str,
        metadata: dict[str, str],
        reason: Literal["duplicate", "fraudulent", "requested_by_customer"] = "requested_by_customer",
    ) -> dict[str, Any]:
        """Give back part or all of a payment."""
        with self._calling("refund"):
            return self._client.v1.refunds.create(
                {
                    "payment_intent": payment_intent_id,
                    "amount": amount_cents,
                    "reason": reason,
                    "metadata": metadata,
                },
                {"idempotency_key": idempotency_key},
            ).to_dict()

    def find_refund(self, payment_intent_id: str, refund_id: str) -> dict[str, Any] | None:
        """The refund of a payment that we asked for under this id, if there is one."""
        with self._calling("find_refund"):
            refunds = self._client.v1.refunds.list({"payment_intent": payment_intent_id, "limit": 100})
            for refund in refunds.auto_paging_iter():
                made = refund.to_dict()
                if made["metadata"].get("refund_id") == refund_id:
                    return made
        return None

    def read_refund(self, refund_id: str) -> dict[str, Any]:
        """Read a refund, which may have failed since it was accepted."""
        with self._calling("read_refund"):
            return self._client.v1.refunds.retrieve(refund_id).to_dict()

    def read_dispute(self, dispute_id: str) -> dict[str, Any]:
        """Read a dispute."""
        with self._calling("read_dispute"):
            return self._client.v1.disputes.retrieve(dispute_id).to_dict()

    def checkouts_since(self, instant: int) -> Iterator[dict[str, Any]]:
        """Every session created since `instant` (Unix seconds), newest first, with its payment."""
        with self._calling("list_checkouts"):
            sessions = self._client.v1.checkout.sessions.list(
                {"created": {"gte": instant}, "limit": 100, "expand": ["data.payment_intent.latest_charge"]}
            )
            for session in sessions.auto_paging_iter():
                yield session.to_dict()

    def refunds_since(self, instant: int) -> Iterator[dict[str, Any]]:
        """Every refund created since `instant` (Unix seconds), newest first."""
        with self._calling("list_refunds"):
            refunds = self._client.v1.refunds.list({"created": {"gte": instant}, "limit": 100})
            for refund in refunds.auto_paging_iter():
                yield refund.to_dict()

    def events_since(self, instant: int, types: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Every event of these types since `instant` (Unix seconds), newest first; Stripe keeps 30 days."""
        with self._calling("list_events"):
            events = self._client.v1.events.list(
                {"created": {"gte": instant}, "types": list(types), "limit": 100}
            )
            for event in events.auto_paging_iter():
                yield event.to_dict()

    def verify_webhook(self, raw: bytes, signature: str) -> dict[str, Any]:
        """Return the event of a webhook.

        Raises Refusal `webhook_unproven` for a wrong or old signature, `bad_request` for what is no event.
        """
        if not signature.isascii():  # which Stripe's library cannot compare
            raise Refusal("webhook_unproven", 400)
        try:
            body = raw.decode()
            stripe.WebhookSignature.verify_header(body, signature, self._webhook_secret, SIGNATURE_TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
            raise Refusal("webhook_unproven", 400) from error
        try:
            event = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Refusal("bad_request", 400) from error
        if not isinstance(event, dict):
            raise Refusal("bad_request", 400)
        return event

    @contextmanager
    def _calling(self, operation: str) -> Iterator[None]:
        with self._provider.calling(operation):
            try:
                yield
            except stripe.StripeError as error:
                raise _failure_of(error) from error
            except AttributeError as error:  # of an answer that is JSON, but no object
                raise Unavailable("stripe", NONSENSE) from error


def _begins(text: object, *beginnings: str) -> bool:
    return isinstance(text, str) and text.startswith(beginnings)


def _failure_of(error: stripe.StripeError) -> Exception:
    """A refusal when Stripe understood and said no; unavailable when it did not answer, or not sensibly."""
    status = error.http_status or 0
    if status >= 500 and (error.headers or {}).get("Idempotent-Replayed") == "true":
        return KeptFailure("stripe", "keeps a failure", reached=True)
    if isinstance(error, stripe.APIConnectionError) or status in {409, 429} or not 400 <= status < 500:
        return Unavailable("stripe", error.user_message or type(error).__name__, reached=status in {409, 429})
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return Unavailable("stripe", "does not accept our key")
    kind = Unknown if status == 404 else Refusal
    return kind("stripe_refused", 502, {"code": error.code, "status": status}, error.user_message)
