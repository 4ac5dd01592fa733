"""Checkout sessions."""

from __future__ import annotations

import time
from typing import Any

from flask import request

from .. import parameters as p
from .. import payments
from ..errors import StripeError, invalid, missing
from ..money import LARGEST, smallest, written
from ..objects.session import line_item, session
from ..pagination import PAGE, equal, page
from ..storage import Body
from .endpoint import Endpoints, Params, store

endpoints = Endpoints()

_PRODUCT = p.shape(
    {
        "name": p.text(250),
        "description": p.text(),
        "images": p.list_of(p.url, 8),
        "metadata": p.metadata,
        "tax_code": p.text(),
        "unit_label": p.text(12),
    },
    required=("name",),
)
_PRICE = p.shape(
    {
        "currency": p.currency,
        "unit_amount": p.integer(0, LARGEST),
        "product_data": _PRODUCT,
        "tax_behavior": p.one_of("exclusive", "inclusive", "unspecified"),
        "product": p.unsupported,
        "recurring": p.unsupported,
        "unit_amount_decimal": p.unsupported,
    },
    required=("currency", "unit_amount", "product_data"),
)
_LINE = p.shape(
    {
        "price_data": _PRICE,
        "quantity": p.integer(1, 999_999),
        "metadata": p.metadata,
        "adjustable_quantity": p.ignored,
        "price": p.unsupported,
        "tax_rates": p.unsupported,
    },
    required=("price_data", "quantity"),
)
_INTENT = p.shape(
    {
        "description": p.text(1000),
        "metadata": p.metadata,
        "receipt_email": p.email,
        "statement_descriptor": p.text(22),
        "statement_descriptor_suffix": p.text(22),
        "capture_method": p.one_of("automatic", "automatic_async"),
        "setup_future_usage": p.ignored,
    }
)
_IGNORED = """
    adaptive_pricing after_expiration allow_promotion_codes allowed_payment_method_types
    automatic_tax branding_settings consent_collection custom_fields custom_text customer_update
    excluded_payment_method_types integration_identifier invoice_creation name_collection
    origin_context payment_method_collection payment_method_configuration payment_method_data
    payment_method_options permissions phone_number_collection saved_payment_method_options
    shipping_address_collection tax_id_collection wallet_options
"""
_UNSUPPORTED = """
    customer_account discounts managed_payments optional_items redirect_on_completion return_url
    setup_intent_data shipping_options subscription_data
"""
_CREATE: dict[str, p.Check] = {
    "mode": p.one_of("payment", "setup", "subscription"),
    "line_items": p.list_of(_LINE, 100),
    "success_url": p.url,
    "cancel_url": p.url,
    "client_reference_id": p.text(200),
    "currency": p.currency,
    "customer": p.text(),
    "customer_creation": p.one_of("always", "if_required"),
    "customer_email": p.email,
    "expires_at": p.integer(0),
    "billing_address_collection": p.one_of("auto", "required"),
    "locale": p.text(10),
    "metadata": p.metadata,
    "payment_intent_data": _INTENT,
    "payment_method_types": p.list_of(p.text(50), 50),
    "submit_type": p.one_of("auto", "book", "donate", "pay", "subscribe"),
    "ui_mode": p.one_of("hosted_page"),
    **dict.fromkeys(_IGNORED.split(), p.ignored),
    **dict.fromkeys(_UNSUPPORTED.split(), p.unsupported),
}
_LIST: dict[str, p.Check] = PAGE | {
    "customer": p.text(),
    "payment_intent": p.text(),
    "status": p.one_of("complete", "expired", "open"),
    "customer_details": p.shape({"email": p.email}, required=("email",)),
}


@endpoints.post("/checkout/sessions")
def create(params: Params) -> Body:
    asked = p.checked(_CREATE, params, required=("mode", "line_items", "success_url"))
    _check_sense(asked)
    lines = [line_item(line) for line in asked["line_items"]]
    _check_total(sum(line["amount_total"] for line in lines), lines[0]["currency"])
    opened = session(asked, lines, base_url=request.host_url.rstrip("/"))
    descriptions = [line["price_data"]["product_data"].get("description", "") for line in asked["line_items"]]
    intent = asked.get("payment_intent_data", {})
    store().add(opened, line_items=lines, descriptions=descriptions, payment_intent_data=intent)
    store().set_timer(opened["id"], "expire", opened["expires_at"])
    return opened


@endpoints.get("/checkout/sessions/<identifier>")
def retrieve(params: Params, identifier: str) -> Body:
    p.checked({}, params)
    return payments.expire_if_due(store(), _session(identifier))


@endpoints.get("/checkout/sessions")
def index(params: Params) -> Body:
    asked = p.checked(_LIST, params)
    conditions = equal(asked, "customer", "payment_intent", "status")
    if "customer_details" in asked:
        conditions.append(
            ("json_extract(body, '$.customer_details.email') = ?", asked["customer_details"]["email"])
        )
    return page(store(), "checkout.session", "/v1/checkout/sessions", asked, conditions)


@endpoints.post("/checkout/sessions/<identifier>/expire")
def expire(params: Params, identifier: str) -> Body:
    p.checked({}, params)
    _session(identifier)
    return payments.expire(store(), identifier)


@endpoints.get("/checkout/sessions/<identifier>/line_items")
def line_items(params: Params, identifier: str) -> Body:
    asked = p.checked({"limit": p.integer(1, 100), "starting_after": p.text()}, params)
    _session(identifier)
    lines = store().private(identifier)["line_items"]
    ids = [line["id"] for line in lines]
    start = ids.index(asked["starting_after"]) + 1 if asked.get("starting_after") in ids else 0
    end = start + asked.get("limit", 10)
    url = f"/v1/checkout/sessions/{identifier}/line_items"
    return {"object": "list", "data": lines[start:end], "has_more": end < len(lines), "url": url}


def _session(identifier: str) -> Body:
    found = store().find(identifier, "checkout.session")
    if found is None:
        raise missing("checkout.session", identifier, param="session")
    return found


def _check_sense(asked: dict[str, Any]) -> None:
    """What no single parameter can tell."""
    if asked["mode"] != "payment":
        raise invalid(f"The sandbox does not know mode {asked['mode']}.", "mode")
    if not asked["line_items"]:
        raise invalid("Missing required param: line_items.", "line_items", "parameter_missing")
    if len({line["price_data"]["currency"] for line in asked["line_items"]}) > 1:
        raise invalid("All line items must have the same currency.", "line_items")
    if "customer" in asked and "customer_email" in asked:
        raise invalid("You may only specify one of these parameters: customer, customer_email.", "customer")
    if "customer" in asked and store().find(asked["customer"], "customer") is None:
        raise missing("customer", asked["customer"], param="customer", status=400)
    if "expires_at" in asked:
        _check_expiry(asked["expires_at"])


def _check_expiry(expires_at: int) -> None:
    ahead = expires_at - time.time()
    if ahead < 30 * 60:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            "expires_at",
        )
    if ahead > 24 * 3600:
        raise invalid(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            "expires_at",
        )


def _check_total(total: int, currency: str) -> None:
    least = smallest(currency)
    if 0 < total < least:
        raise StripeError(
            f"The Checkout Session's total amount due must add up to at least {written(least, currency)}",
            code="amount_too_small",
        )
    if total > LARGEST:
        raise StripeError(
            f"The Checkout Session's total amount due must be no more than {written(LARGEST, currency)}",
            code="amount_too_large",
        )
