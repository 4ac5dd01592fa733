"""Who comes to one event of a team: to look up, to print, to take along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import signed_in
from blueprints.pages.filters import filters
from services import attendees
from services.models.attendees import AttendeeBatch, PeopleSearch
from web.formatting import iso
from web.spreadsheets import csv_file

bp = Blueprint("attendees", __name__, url_prefix="/events/<uuid:event_id>")


@bp.get("/attendees")
@signed_in
def index(organizer: str, event_id: UUID) -> ResponseReturnValue:
    search = filters(PeopleSearch)
    page = attendees.list_attendees(event_id, search, organizer)
    return render_template(
        "manage/attendees/index.html", workspace=page.workspace, page=page, event=page.event, filters=search
    )


@bp.get("/attendees/print")
@signed_in
def sheet(organizer: str, event_id: UUID) -> ResponseReturnValue:
    found = attendees.read_sheet(event_id, organizer)
    return render_template(
        "manage/attendees/sheet.html", workspace=found.workspace, sheet=found, event=found.event
    )


@bp.get("/attendees.csv")
@signed_in
def export(organizer: str, event_id: UUID) -> ResponseReturnValue:
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
