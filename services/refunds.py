"""Money on its way back: asked of Stripe by lease, with a key that makes every repetition the same refund."""

from __future__ import annotations

import time
from typing import Any

import structlog

from services.models.payments import StripeEvent
from services.outside import database, stripe
from services.outside.provider import Resting
from services.outside.stripe import KeptFailure, Unknown
from services.pauses import pause_after
from services.refusals import Refusal, Unavailable

OUTCOMES = {"succeeded": "succeeded", "pending": "pending", "requires_action": "pending"}
REASONS = {"paid_twice": "duplicate"}
LEASE_SECONDS = 120

log = structlog.stdlib.get_logger("guichet.refunds")


def send_due(batch: int = 20, reference: str | None = None, lease_seconds: int = LEASE_SECONDS) -> int:
    """Ask Stripe for the refunds that are due, of all orders or of one. Returns how many were claimed.

    One that Stripe keeps failing waits ever longer, and holds up no other. Raises Unavailable when Stripe is
    away for all of them, or the database.
    """
    claimed_at = time.monotonic()
    claimed = database.call_as_service(
        "claim_refunds", batch=batch, lease_seconds=lease_seconds, reference=reference
    )
    for refund in claimed:
        if time.monotonic() - claimed_at > lease_seconds / 2:
            break  # the rest may not fit into the lease: they are claimed again when it lapses
        _send(refund)
    return len(claimed)


def _send(refund: dict[str, Any]) -> None:
    try:
        answer = _ask(refund)
    except Refusal as refusal:
        _record(refund, "failed", error=refusal.hint)
    except Resting:
        raise
    except Unavailable as unavailable:
        log.warning("refund_put_off", refund=refund["id"], reason=unavailable.reason)
        pause = pause_after(refund["attempts"])
        _record(refund, "retry", error=unavailable.reason, retry_after_seconds=pause)
    else:
        outcome = OUTCOMES.get(answer["status"], "failed")
        _record(refund, outcome, stripe_refund_id=answer["id"], error=answer.get("failure_reason"))


def _ask(refund: dict[str, Any]) -> dict[str, Any]:
    # Stripe forgets a key after 24 hours: what was tried before may have been made, and would be made twice.
    made = _find(refund) if refund["attempts"] > 1 else None
    if made:
        return made
    try:
        return _give_back(refund, refund["idempotency_key"])
    except KeptFailure:
        # Under this key Stripe fails for good, yet it may have given the money back: look before another key.
        return _find(refund) or _give_back(refund, f"{refund['idempotency_key']}:again")


def _find(refund: dict[str, Any]) -> dict[str, Any] | None:
    return stripe.find_refund(refund["payment_intent_id"], refund["id"])


def _give_back(refund: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
    return stripe.refund(
        refund["payment_intent_id"],
        refund["amount_cents"],
        idempotency_key,
        metadata={"order_id": refund["order_id"], "refund_id": refund["id"]},
        reason=REASONS.get(refund["reason"], "requested_by_customer"),  # type: ignore[arg-type]
    )


def _record(
    refund: dict[str, Any],
    outcome: str,
    *,
    error: str | None,
    stripe_refund_id: str | None = None,
    retry_after_seconds: int = 0,
) -> None:
    try:
        database.call_as_service(
            "record_refund",
            payment_id=refund["id"],
            lease_token=refund["lease_token"],
            outcome=outcome,
            stripe_refund_id=stripe_refund_id,
            error=error,
            retry_after_seconds=retry_after_seconds,
        )
    except Refusal as refusal:  # the lease was lost: whoever holds it now records, or Stripe's event does
        log.warning("refund_not_recorded", refund=refund["id"], word=refusal.word)


def settle_event(event: StripeEvent) -> str:
    """Settle what an event says of a refund, read afresh; also one that we never asked for."""
    refund_id = event.data.object.id
    try:
        refund = stripe.read_refund(refund_id)
    except Unknown:
        log.warning("refund unknown to Stripe", stripe_event=event.id, stripe_refund=refund_id)
        return "unknown_refund"
    return settle(refund, event)


def settle(refund: dict[str, Any], event: StripeEvent | None = None) -> str:
    """Settle a refund as Stripe shows it. Returns the outcome, such as `succeeded` or `failed`."""
    facts = {
        "refund_id": refund["id"],
        "own_id": (refund.get("metadata") or {}).get("refund_id"),
        "payment_intent_id": refund["payment_intent"],
        "amount_cents": refund["amount"],
        "status": refund["status"],
        "failure_reason": refund.get("failure_reason"),
    }
    settled = database.call_as_service(
        "settle_refund",
        stripe_event_id=event.id if event else None,
        event_type=event.type if event else None,
        facts=facts,
    )
    return str(settled["outcome"])
