"""Refunds."""

from __future__ import annotations

import time

from ..identifiers import new_id
from ..storage import Body


def refund(charge: Body, amount: int, *, reason: str | None, metadata: dict[str, str]) -> Body:
    """A refund of part or all of a charge, not yet on its way."""
    kind = charge["payment_method_details"]["type"]
    return {
        "id": new_id("refund"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": int(time.time()),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": {"type": kind, kind: {"type": "refund"} if kind == "card" else {}},
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
    }
