"""Money on its way back: asked of Stripe by lease, with a key that makes every repetition the same refund."""

from __future__ import annotations

from typing import Any

import structlog

from services.models.payments import StripeEvent
from services.outside import database, stripe
from services.outside.stripe import KeptFailure, Unknown
from services.refusals import Refusal

OUTCOMES = {"succeeded": "succeeded", "pending": "pending", "requires_action": "pending"}
REASONS = {"paid_twice": "duplicate"}

log = structlog.stdlib.get_logger("guichet.refunds")


def send_due(batch: int = 20, reference: str | None = None) -> int:
    """Ask Stripe for the refunds that are due, of all orders or of one. Returns how many were asked for."""
    claimed = database.call_as_service("claim_refunds", batch=batch, reference=reference)
    for refund in claimed:
        _send(refund)
    return len(claimed)


def _send(refund: dict[str, Any]) -> None:
    try:
        answer = _ask(refund)
    except Refusal as refusal:
        _record(refund, "failed", None, refusal.hint)
    else:
        _record(refund, OUTCOMES.get(answer["status"], "failed"), answer["id"], answer.get("failure_reason"))


def _ask(refund: dict[str, Any]) -> dict[str, Any]:
    try:
        return _give_back(refund, refund["idempotency_key"])
    except KeptFailure:
        # Under this key Stripe fails for good, yet it may have given the money back: look before another key.
        found = stripe.find_refund(refund["payment_intent_id"], refund["id"])
        return found or _give_back(refund, f"{refund['idempotency_key']}:again")


def _give_back(refund: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
    return stripe.refund(
        refund["payment_intent_id"],
        refund["amount_cents"],
        idempotency_key,
        metadata={"order_id": refund["order_id"], "refund_id": refund["id"]},
        reason=REASONS.get(refund["reason"], "requested_by_customer"),  # type: ignore[arg-type]
    )


def _record(refund: dict[str, Any], outcome: str, stripe_refund_id: str | None, error: str | None) -> None:
    database.call_as_service(
        "record_refund",
        payment_id=refund["id"],
        lease_token=refund["lease_token"],
        outcome=outcome,
        stripe_refund_id=stripe_refund_id,
        error=error,
    )


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
