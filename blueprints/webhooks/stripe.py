"""What happened at Stripe: signed, unordered, repeated until it hears 2xx."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from services import checkouts, payments, refunds
from services.models.payments import StripeEvent
from services.outside import stripe


def receive() -> ResponseReturnValue:
    """204 when stored or of no interest, 400 for a forged or garbled body, 503 when it should come again."""
    told = stripe.verify_webhook(request.get_data(), request.headers.get("Stripe-Signature", ""))
    match told.get("type"):
        case "checkout.session.completed" | "checkout.session.async_payment_succeeded":
            payments.settle_event(_event(told))
        case "checkout.session.expired":
            checkouts.note_expired(_event(told).data.object.id)
        case "refund.created" | "refund.updated" | "refund.failed":
            refunds.settle_event(_event(told))
        case str(kind) if kind in payments.TOLD_BY_EVENTS:
            payments.note_event(_event(told))
        case str():
            pass  # of no interest
        case _:
            abort(400)
    return "", 204


def _event(told: dict[str, Any]) -> StripeEvent:
    try:
        return StripeEvent.model_validate(told)
    except ValidationError:
        abort(400)
