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
from web.formatting import iso
from web.spreadsheets import csv_file


def attendee_table(event_id: UUID, organizer: str | None = None) -> Response:
    """Who comes to an event, as CSV, sent while it is read. Raises Refusal: not_found, not_permitted."""
    batches = attendees.export(event_id, organizer)
    head = [_("Name"), _("E-mail"), _("Phone"), _("Ticket"), _("Order"), _("Buyer"), _("Ordered at")]
    return csv_file(f"attendees-{event_id}", chain([head], _rows(batches)))


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
                iso(seated.ordered_at),
            ]
