"""Who comes to one event of a team: to look up, to print, to take along."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from blueprints.pages.filters import filters
from blueprints.tables import attendee_table
from services import attendees
from services.models.attendees import PeopleSearch

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
    return attendee_table(event_id, organizer)
