"""Who comes: to one event, or to any event of a team."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from services import caller
from services.caller import Caller
from services.models.attendees import AttendeeBatch, AttendeePage, AttendeeSheet, PeoplePage, PeopleSearch
from services.outside import database


def list_attendees(event_id: UUID, search: PeopleSearch, organizer: str | None = None) -> AttendeePage:
    """Who comes to an event, by name; the door sees it on the day.

    Raises Refusal: not_found, not_permitted, cursor_invalid.
    """
    return AttendeePage.model_validate(
        database.call(
            "list_attendees", event_id=event_id, organizer=organizer, **search.model_dump(mode="json")
        )
    )


def read_sheet(event_id: UUID, organizer: str) -> AttendeeSheet:
    """All who come, to be printed. Raises Refusal: not_found, not_permitted."""
    return AttendeeSheet.model_validate(
        database.call("read_attendee_sheet", event_id=event_id, organizer=organizer)
    )


def export(event_id: UUID, organizer: str | None = None) -> Iterator[AttendeeBatch]:
    """All who come, with their addresses, in batches; the first is asked for at once.

    Raises Refusal: not_found, not_permitted.
    """
    first = _batch(event_id, organizer, None)
    return _batches(event_id, organizer, first, caller.current())


def list_people(organizer: str, search: PeopleSearch) -> PeoplePage:
    """Everyone with a seat at any event of a team.

    Raises Refusal: not_found, not_permitted, cursor_invalid.
    """
    return PeoplePage.model_validate(
        database.call("list_people", organizer=organizer, **search.model_dump(mode="json"))
    )


def _batches(
    event_id: UUID, organizer: str | None, batch: AttendeeBatch, who: Caller
) -> Iterator[AttendeeBatch]:
    yield batch
    while batch.next:
        # Asked for while the answer is being sent: the request, and who made it, are over by then.
        with caller.acting_as(who):
            batch = _batch(event_id, organizer, batch.next)
        yield batch


def _batch(event_id: UUID, organizer: str | None, cursor: str | None) -> AttendeeBatch:
    return AttendeeBatch.model_validate(
        database.call("export_attendees", event_id=event_id, organizer=organizer, cursor=cursor)
    )
