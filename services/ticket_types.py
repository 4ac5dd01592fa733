"""Ticket types as their team keeps them. What was ordered has its own prices and never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.models.team_events import TeamEventDetail, TicketTypeDesk
from services.models.ticket_types import PricePreview, TeamTicketType
from services.outside import database

Facts = Mapping[str, Any]  # fields of TicketTypeEdits


def read(ticket_type_id: UUID) -> TicketTypeDesk:
    """Raises Refusal: not_found, not_permitted."""
    return TicketTypeDesk.model_validate(
        database.call("read_team_ticket_type", ticket_type_id=ticket_type_id)
    )


def create(event_id: UUID, facts: Facts) -> TeamTicketType:
    """Raises Refusal: invalid_input, ticket_types_invalid, event_is_closed, not_found, not_permitted."""
    return TeamTicketType.model_validate(
        database.call("create_ticket_type", event_id=event_id, ticket_type=facts)
    )


def update(ticket_type_id: UUID, revision: int, changes: Facts) -> TeamTicketType:
    """Change what is named, if nobody has since `revision`.

    Raises Refusal: invalid_input, edited_meanwhile, event_is_closed, not_found, not_permitted.
    """
    return TeamTicketType.model_validate(
        database.call("update_ticket_type", ticket_type_id=ticket_type_id, revision=revision, changes=changes)
    )


def delete(ticket_type_id: UUID) -> None:
    """Raises Refusal: ticket_type_was_ordered, ticket_type_missing, not_found, not_permitted."""
    database.call("delete_ticket_type", ticket_type_id=ticket_type_id)


def arrange(event_id: UUID, order: Sequence[UUID]) -> TeamEventDetail:
    """Put an event's ticket types into this order. Raises Refusal: not_found, not_permitted."""
    return TeamEventDetail.model_validate(
        database.call("arrange_ticket_types", event_id=event_id, ticket_type_ids=[str(id) for id in order])
    )


def preview(event_id: UUID, ticket_type_id: UUID | None, edits: Facts) -> PricePreview:
    """What a ticket type would cost with what is typed, which changes nothing.

    Raises Refusal: invalid_input, not_found, not_permitted.
    """
    return PricePreview.model_validate(
        database.call("quote_ticket_type", event_id=event_id, ticket_type_id=ticket_type_id, edits=edits)
    )
