"""The picture of an event."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import signed_in
from services import team_events
from services.refusals import Refusal
from web.limits import takes_pictures

bp = Blueprint("covers", __name__, url_prefix="/events/<uuid:event_id>/cover")


@bp.post("")
@signed_in
@takes_pictures
def update(organizer: str, event_id: UUID) -> ResponseReturnValue:
    upload = request.files.get("picture")
    try:
        if "remove" in request.form:
            team_events.remove_cover(event_id)
        else:
            team_events.set_cover(event_id, upload.read() if upload else b"")
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        flash(refusal.sentence, "bad")
    else:
        flash(_("The picture is changed."), "good")
    return redirect(url_for("manage.events.edit", organizer=organizer, event_id=event_id) + "#picture", 303)
