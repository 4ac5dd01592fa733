"""What to paste into another site so that it shows an event's tickets."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from blueprints.pages.manage.event_desk import opened

bp = Blueprint("widgets", __name__, url_prefix="/events/<uuid:event_id>/widget")


@bp.get("")
@signed_in
def show(organizer: str, event_id: UUID) -> ResponseReturnValue:
    desk = opened(organizer, event_id, "events:write")
    return render_template("manage/events/widget.html", workspace=desk.workspace, event=desk.event)
