"""What Stripe says of money, settled in Postgres: once, in any order of arrival."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import structlog

from services.models.payments import StripeEvent
from services.outside import database, stripe
from services.outside.stripe import Unknown

log = structlog.stdlib.get_logger("guichet.payments")

Facts = dict[str, Any]

FAILURES = ("checkout.session.async_payment_failed", "payment_intent.payment_failed")
DISPUTES = ("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed")
# Only events tell of these: in sessions and refunds, by which books are compared, they leave no trace.
TOLD_BY_EVENTS = (*FAILURES, *DISPUTES)


def settle(session: Facts, event: StripeEvent | None = None) -> str:
    """Settle a Checkout session, read afresh and expanded. Returns the outcome, such as `confirmed`."""
    return _settle("settle_payment", facts_of_session(session), event)


def settle_session(session_id: str, order_id: str) -> str:
    """Settle the session from which the buyer of an order comes back, maybe before the webhook.

    One that belongs to no order, or to another one, is left alone.
    """
    try:
        session = stripe.read_checkout(session_id, expanded=True)
    except Unknown:
        return "unknown_session"
    if (session.get("metadata") or {}).get("order_id") != order_id:
        return "another_order"
    return settle(session)


def settle_event(event: StripeEvent) -> str:
    """Settle a session that an event points at; the event itself is only a hint, so the session is read."""
    session_id = event.data.object.id
    try:
        session = stripe.read_checkout(session_id, expanded=True)
    except Unknown:
        log.warning("session unknown to Stripe", stripe_event=event.id, stripe_session=session_id)
        return "unknown_session"
    return settle(session, event)


def note_event(event: StripeEvent) -> str:
    """Take a failure or a dispute, once, however often it is told. Returns the outcome, as `repeated`."""
    return dispute_event(event) if event.type in DISPUTES else fail_event(event)


def fail_event(event: StripeEvent) -> str:
    """Count a failed payment, of a session or of a payment intent. Returns the outcome, such as `counted`."""
    failed = event.data.object
    is_session = failed.object == "checkout.session"
    facts = {
        "session_id": failed.id if is_session else None,
        "payment_intent_id": failed.payment_intent if is_session else failed.id,
        "order_id": failed.metadata.get("order_id"),
    }
    return _settle("fail_payment", facts, event)


def dispute_event(event: StripeEvent) -> str:
    """Record what an event says of a dispute, read afresh. Returns the outcome, such as `recorded`."""
    dispute_id = event.data.object.id
    try:
        dispute = stripe.read_dispute(dispute_id)
    except Unknown:
        log.warning("dispute unknown to Stripe", stripe_event=event.id, stripe_dispute=dispute_id)
        return "unknown_dispute"
    facts = {
        "dispute_id": dispute["id"],
        "payment_intent_id": dispute["payment_intent"],
        "amount_cents": dispute["amount"],
        "currency": dispute["currency"],
        "reason": dispute["reason"],
        "status": dispute["status"],
        "opened_at": datetime.fromtimestamp(dispute["created"], UTC).isoformat(),
    }
    settled = database.call_as_service(
        "settle_dispute", stripe_event_id=event.id, event_type=event.type, facts=facts
    )
    return str(settled["outcome"])


def facts_of_session(session: Facts) -> Facts:
    """The facts that settle_payment judges by, from an expanded session."""
    intent = session.get("payment_intent") or {}
    charge = intent.get("latest_charge") or {}
    charged_at = charge.get("created")
    return {
        "session_id": session["id"],
        "session_status": session["status"],
        "payment_status": session["payment_status"],
        "order_id": session.get("metadata", {}).get("order_id"),
        "payment_intent_id": intent.get("id"),
        "charge_id": charge.get("id"),
        "amount_cents": intent.get("amount_received"),
        "currency": intent.get("currency"),
        "charged_at": datetime.fromtimestamp(charged_at, UTC).isoformat() if charged_at else None,
    }


def _settle(function: str, facts: Facts, event: StripeEvent | None) -> str:
    settled = database.call_as_service(
        function,
        stripe_event_id=event.id if event else None,
        event_type=event.type if event else None,
        facts=facts,
    )
    log.info(
        "payment settled",
        outcome=settled["outcome"],
        reference=settled["reference"],
        stripe_event=event.id if event else None,
        stripe_session=facts["session_id"],
    )
    return str(settled["outcome"])
