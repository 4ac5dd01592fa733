"""Who waits for seats at a team's event, and what keeps each from being served."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from services import waitlist

bp = Blueprint("waitlist", __name__, url_prefix="/events/<uuid:event_id>/waitlist")


@bp.get("")
@signed_in
def index(organizer: str, event_id: UUID) -> ResponseReturnValue:
    line = waitlist.list_of_event(event_id, organizer)
    return render_template(
        "manage/waitlist/index.html", workspace=line.workspace, line=line, event=line.event
    )
