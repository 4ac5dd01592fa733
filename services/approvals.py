"""Orders that wait for their organizer's yes."""

from __future__ import annotations

from services.models.orders import Order
from services.outside import database


def approve(reference: str) -> Order:
    """Say yes: seats are held and the time to pay begins.

    Raises Refusal: not_awaiting_approval, sale_closed, sold_out, not_found, not_permitted.
    """
    return Order.model_validate(database.call("approve_order", reference=reference))


def decline(reference: str, reason: str | None = None) -> Order:
    """Say no, with a word. Raises Refusal: not_awaiting_approval, not_found, not_permitted."""
    return Order.model_validate(database.call("decline_order", reference=reference, reason=reason))
