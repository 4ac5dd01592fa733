"""Refunds."""

from __future__ import annotations

from typing import Any

from .. import parameters as p
from .. import refunds
from ..errors import StripeError, missing, refused
from ..money import LARGEST
from ..pagination import PAGE, equal, page
from ..storage import Body
from .endpoint import Endpoints, Params, store

endpoints = Endpoints()

_CREATE: dict[str, p.Check] = {
    "payment_intent": p.text(),
    "charge": p.text(),
    "amount": p.integer(1, LARGEST),
    "metadata": p.metadata,
    "reason": p.one_of("duplicate", "fraudulent", "requested_by_customer"),
    "instructions_email": p.email,
    "currency": p.unsupported,
    "customer": p.unsupported,
    "origin": p.unsupported,
    "refund_application_fee": p.unsupported,
    "reverse_transfer": p.unsupported,
}


@endpoints.post("/refunds")
def create(params: Params) -> Body:
    asked = p.checked(_CREATE, params)
    return refunds.give_back(
        store(),
        _charge(asked),
        asked.get("amount"),
        reason=asked.get("reason"),
        metadata=asked.get("metadata"),
    )


@endpoints.get("/refunds/<identifier>")
def retrieve(params: Params, identifier: str) -> Body:
    p.checked({}, params)
    found = store().find(identifier, "refund")
    if found is None:
        raise missing("refund", identifier, param="refund")
    return found


@endpoints.get("/refunds")
def index(params: Params) -> Body:
    asked = p.checked(PAGE | {"charge": p.text(), "payment_intent": p.text()}, params)
    return page(store(), "refund", "/v1/refunds", asked, equal(asked, "charge", "payment_intent"))


def _charge(asked: dict[str, Any]) -> Body:
    """The charge that is meant, by its own id or its intent's."""
    charge: Body | None = None
    if "charge" in asked:
        charge = _existing("charge", asked["charge"])
        if asked.get("payment_intent", charge["payment_intent"]) != charge["payment_intent"]:
            raise refused("The charge does not belong to the payment intent.", param="charge")
    elif "payment_intent" in asked:
        intent = _existing("payment_intent", asked["payment_intent"])
        charge = store().find(intent["latest_charge"] or "")
    else:
        raise StripeError(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    if charge is None or charge["status"] != "succeeded":
        raise refused(
            f"This PaymentIntent ({asked.get('payment_intent')}) does not have a successful charge to refund."
        )
    return charge


def _existing(kind: str, identifier: str) -> Body:
    found = store().find(identifier, kind)
    if found is None:
        raise missing(kind, identifier, param=kind)
    return found
