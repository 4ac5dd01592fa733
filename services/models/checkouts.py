"""Checkouts: the way of an order to Stripe and back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from services.models import Output
from services.models.orders import Order


class Checkout(Output):
    id: UUID
    attempt: int
    idempotency_key: str
    expires_at: datetime
    session_id: str | None
    url: str | None
    status: Literal["starting", "open", "closing", "complete", "expired", "abandoned"]


class BegunCheckout(Output):
    """`confirmed`: nothing to pay. `reuse`: a session is open. `create`: ask Stripe, as frozen here."""

    action: Literal["create", "reuse", "confirmed"]
    order: Order
    checkout: Checkout | None = None


class OpenCheckout(Output):
    """Where to pay; without a checkout there was nothing to pay and the order is confirmed."""

    order: Order
    checkout: Checkout | None
