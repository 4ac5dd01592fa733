"""What happened at Stripe: signed, unordered, repeated until it hears 2xx."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from services import checkouts, payments, refunds
from services.outside import stripe


def receive() -> ResponseReturnValue:
    """204 when stored or of no interest, 400 for a forged body, 503 when it should come again."""
    event = stripe.verify_webhook(request.get_data(), request.headers.get("Stripe-Signature", ""))
    match event["type"]:
        case "checkout.session.completed" | "checkout.session.async_payment_succeeded":
            payments.settle_event(event)
        case "checkout.session.async_payment_failed" | "payment_intent.payment_failed":
            payments.fail_event(event)
        case "checkout.session.expired":
            checkouts.note_expired(event["data"]["object"]["id"])
        case "refund.created" | "refund.updated" | "refund.failed":
            refunds.settle_event(event)
        case "charge.dispute.created" | "charge.dispute.updated" | "charge.dispute.closed":
            payments.dispute_event(event)
    return "", 204
