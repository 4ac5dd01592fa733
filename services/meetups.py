"""Holding a meetup: a draft and one's own held seat; paying for the seat publishes the event."""

from __future__ import annotations

from uuid import UUID

from services import caller
from services.models.meetups import Meetup, MeetupDraft
from services.models.orders import Order
from services.outside import database


def create(draft: MeetupDraft) -> Meetup:
    """Raises Refusal: title_invalid, language_unknown, description_too_long, venue_unknown, venue_full,
    start_outside_hours, start_too_soon, start_too_late, sign_in_required."""
    return Meetup.model_validate(
        database.call("create_meetup", **draft.model_dump(mode="json"), locale=caller.current().locale)
    )


def retry(event_id: UUID) -> Order:
    """Hold the first seat of an unpaid meetup again.

    Raises Refusal: illegal_transition, start_too_soon, venue_full, not_found, not_permitted.
    """
    answer = database.call("retry_meetup", event_id=event_id, locale=caller.current().locale)
    return Order.model_validate(answer["order"])
