"""Contested payments, as their team sees them. They are answered in Stripe's dashboard."""

from __future__ import annotations

from services.models.disputes import DisputeList
from services.outside import database


def list_disputes(organizer: str) -> DisputeList:
    """An organizer's disputes, newest first. Raises Refusal: not_found, not_permitted."""
    return DisputeList.model_validate(database.call("list_disputes", organizer=organizer))
