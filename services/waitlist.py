"""Waiting in line for seats."""

from __future__ import annotations

from uuid import UUID

from services import caller
from services.models.waitlist import EventLine, WaitlistDraft, WaitlistEntry
from services.outside import database


def join(event_id: UUID, draft: WaitlistDraft) -> WaitlistEntry:
    """Join the line for so many seats.

    Raises Refusal: seats_available, already_in_line, sale_closed, not_found, sign_in_required and the words
    of the database's quote.
    """
    return WaitlistEntry.model_validate(
        database.call(
            "join_waitlist",
            event_id=event_id,
            **draft.model_dump(mode="json"),
            locale=caller.current().locale,
        )
    )


def leave(entry_id: UUID) -> WaitlistEntry:
    """Leave the line, or decline its offer. Raises Refusal: not_in_line, payment_processing, not_found."""
    return WaitlistEntry.model_validate(database.call("leave_waitlist", entry_id=entry_id))


def list_own() -> list[WaitlistEntry]:
    """The caller's places in line, newest first."""
    return [WaitlistEntry.model_validate(entry) for entry in database.call("list_waitlist")]


def list_of_event(event_id: UUID, organizer: str | None = None) -> EventLine:
    """The line of a team's event, first in line first. Raises Refusal `not_found`."""
    return EventLine.model_validate(
        database.call("list_event_waitlist", event_id=event_id, organizer=organizer)
    )
