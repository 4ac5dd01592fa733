"""The catalogue: events, their seats left, their prices."""

from __future__ import annotations

from uuid import UUID

from services.models.events import Availability, Event, EventPage, EventSearch, Quote
from services.outside import database

Quantities = dict[str, int]  # seats by the id of their ticket type


def list_events(search: EventSearch) -> EventPage:
    """Published events to come, soonest first. Raises Refusal: cursor_invalid, invalid_input."""
    return EventPage.model_validate(
        database.call("list_events", **search.model_dump(mode="json", exclude_none=True))
    )


def read_event(slug: str, code: str | None = None) -> Event:
    """One event, by slug or id; a code shows the hidden ticket types it opens. Raises Refusal `not_found`."""
    return Event.model_validate(database.call("read_event", slug=slug, code=code))


def read_availability(event_id: UUID) -> Availability:
    """Seats left at this instant. Raises Refusal `not_found`."""
    return Availability.model_validate(database.call("read_availability", event_id=event_id))


def quote(event_id: UUID, quantities: Quantities, code: str | None = None) -> Quote:
    """What seats cost now, by ticket type. Raises Refusal with the words of the database's quote."""
    return Quote.model_validate(
        database.call("quote", event_id=event_id, lines=lines_of(quantities), code=code)
    )


def cancel(event_id: UUID, reason: str) -> Event:
    """Call an event off; the worker gives everyone their money back and tells them.

    Raises Refusal: not_found, not_permitted, reason_missing, illegal_transition.
    """
    return Event.model_validate(database.call("cancel_event", event_id=event_id, reason=reason))


def lines_of(quantities: Quantities) -> list[dict[str, object]]:
    return [{"ticket_type_id": id, "quantity": number} for id, number in quantities.items()]
