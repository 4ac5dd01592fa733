"""The picture of an event."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import signed_in
from blueprints.pages.manage.events import edit_page
from blueprints.uploads import picture
from services import team_events
from services.refusals import Refusal
from web.limits import takes_pictures

bp = Blueprint("covers", __name__, url_prefix="/events/<uuid:event_id>/cover")


@bp.post("")
@signed_in
@takes_pictures
def update(organizer: str, event_id: UUID) -> ResponseReturnValue:
    try:
        if "remove" in request.form:
            team_events.remove_cover(event_id)
        else:
            team_events.set_cover(event_id, picture("picture"))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return edit_page(organizer, event_id, errors={"picture": refusal.sentence}), refusal.status
    flash(_("The picture is changed."), "good")
    return redirect(url_for("manage.events.edit", organizer=organizer, event_id=event_id) + "#picture", 303)
