"""Tables to take along, for people and programs alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from services import attendees
from services.models.attendees import AttendeeBatch
from web.formatting import clocks, zone_city
from web.spreadsheets import csv_file


def attendee_table(event_id: UUID, organizer: str | None = None) -> Response:
    """Who comes to an event, as CSV, sent while it is read. Raises Refusal: not_found, not_permitted."""
    batches = attendees.export(event_id, organizer)
    first = next(batches)
    head = [
        _("Name"),
        _("E-mail"),
        _("Phone"),
        _("Ticket"),
        _("Order"),
        _("Buyer"),
        _("E-mail of the buyer"),
        _("Ordered at (%(city)s time)", city=zone_city(first.event.timezone)),
    ]
    return csv_file(f"attendees-{first.event.slug}", chain([head], _rows(chain([first], batches))))


def _rows(batches: Iterable[AttendeeBatch]) -> Iterator[list[Any]]:
    for batch in batches:
        for seated in batch.attendees:
            yield [
                seated.name,
                seated.email,
                seated.phone,
                seated.ticket_type,
                seated.order_reference,
                seated.buyer,
                seated.buyer_email,
                clocks(seated.ordered_at, batch.event.timezone),
            ]
