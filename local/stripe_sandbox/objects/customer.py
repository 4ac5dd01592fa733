"""Customers."""

from __future__ import annotations

import time
from typing import Any

from ..identifiers import new_id
from ..storage import Body


def customer(params: dict[str, Any]) -> Body:
    """A customer from checked parameters."""
    return {
        "id": new_id("customer"),
        "object": "customer",
        "address": params.get("address"),
        "balance": 0,
        "created": int(time.time()),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": params.get("description"),
        "discount": None,
        "email": params.get("email"),
        "invoice_prefix": "GUICHET1",
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "name": params.get("name"),
        "next_invoice_sequence": 1,
        "phone": params.get("phone"),
        "preferred_locales": params.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
