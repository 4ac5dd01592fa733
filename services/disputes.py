"""Contested payments, as their team sees them. They are answered in Stripe's dashboard."""

from __future__ import annotations

from services.models.disputes import Dispute
from services.outside import database


def list_disputes(organizer: str) -> list[Dispute]:
    """An organizer's disputes, newest first. Raises Refusal: not_found, not_permitted."""
    return [
        Dispute.model_validate(dispute) for dispute in database.call("list_disputes", organizer=organizer)
    ]
