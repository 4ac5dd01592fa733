"""From an order to Stripe's payment page, and closing that page when the order no longer waits."""

from __future__ import annotations

import time
from typing import Any

import structlog
from flask import current_app

from services import payments
from services.models.checkouts import BegunCheckout, Checkout, OpenCheckout
from services.models.orders import Order, OrderLine
from services.outside import database, stripe
from services.outside.provider import Resting
from services.outside.stripe import KeptFailure
from services.refusals import Refusal, Unavailable

LEASE_SECONDS = 60

log = structlog.stdlib.get_logger("guichet.checkouts")


def open_checkout(reference: str) -> OpenCheckout:
    """Where to pay an order; a free one is confirmed instead.

    What is asked of Stripe was frozen in Postgres before, so a crash in between repeats the same request
    under the same idempotency key. Raises Refusal: hold_expired, already_paid, already_cancelled,
    payment_retry_limit, payment_processing, not_found.
    """
    begun = BegunCheckout.model_validate(database.call("begin_checkout", reference=reference))
    if begun.action != "create" or begun.checkout is None:
        return OpenCheckout(order=begun.order, checkout=begun.checkout)
    try:
        session = stripe.open_checkout(
            _session_of(begun.order, begun.checkout), begun.checkout.idempotency_key
        )
    except KeptFailure:
        # The next attempt takes another key; a session that this one may have left behind nobody can open.
        database.call_as_service("abandon_checkout", checkout_id=begun.checkout.id)
        raise
    recorded = Checkout.model_validate(
        database.call_as_service(
            "record_checkout", checkout_id=begun.checkout.id, session_id=session["id"], url=session["url"]
        )
    )
    if recorded.status != "open":
        raise Refusal("hold_expired", 410)
    return OpenCheckout(order=begun.order, checkout=recorded)


def close_due(batch: int = 50, lease_seconds: int = LEASE_SECONDS) -> int:
    """Expire at Stripe the sessions whose orders no longer wait. Returns how many were claimed.

    One that Stripe fails is claimed again when its lease lapses, and holds up no other. Raises Unavailable
    when Stripe is away for all of them, or the database.
    """
    claimed_at = time.monotonic()
    claimed = database.call_as_service("claim_checkouts_to_close", batch=batch, lease_seconds=lease_seconds)
    for checkout in claimed:
        if time.monotonic() - claimed_at > lease_seconds / 2:
            break  # the rest may not fit into the lease, and other jobs wait
        try:
            _close(checkout["session_id"])
        except Unavailable as unavailable:
            if isinstance(unavailable, Resting) or unavailable.provider != "stripe":
                raise
            log.warning("checkout_not_closed", checkout=checkout["id"], reason=unavailable.reason)
    return len(claimed)


def note_expired(session_id: str) -> None:
    """Stripe says that a session is over."""
    database.call_as_service("close_checkout", session_id=session_id, outcome="expired")


def _close(session_id: str) -> None:
    try:
        stripe.expire_checkout(session_id)
    except Refusal:
        # Only open sessions expire: this one may have been paid a moment ago.
        if _settle_if_complete(session_id):
            return
    note_expired(session_id)


def _settle_if_complete(session_id: str) -> bool:
    try:
        session = stripe.read_checkout(session_id, expanded=True)
    except Refusal:
        return False  # Stripe knows no such session, so nobody can pay it
    if session["status"] != "complete":
        return False
    payments.settle(session)
    return True


def _session_of(order: Order, checkout: Checkout) -> dict[str, Any]:
    """What Stripe is asked for. The same order and attempt always give the same parameters."""
    site = current_app.config["SETTINGS"].site_url
    page = f"{site}/orders/{order.reference}"
    names = {"order_id": str(order.id), "checkout_id": str(checkout.id), "reference": order.reference}
    return {
        "mode": "payment",
        "client_reference_id": str(order.id),
        "customer_email": order.buyer.email,
        "locale": order.locale,
        "line_items": [_line_item(order, line) for line in order.lines],
        "expires_at": int(checkout.expires_at.timestamp()),
        "success_url": f"{page}/payment?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": page,
        "metadata": names,
        "payment_intent_data": {"metadata": names, "description": f"{order.reference} · {order.event.title}"},
    }


def _line_item(order: Order, line: OrderLine) -> dict[str, Any]:
    # One line of quantity 1 with its total: rounding stays where it was done, in Postgres.
    return {
        "quantity": 1,
        "price_data": {
            "currency": order.currency.lower(),
            "unit_amount": line.total_cents,
            "product_data": {"name": f"{line.quantity} × {line.name}", "description": order.event.title},
        },
    }
