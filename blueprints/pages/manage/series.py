"""An event held again: a copy, or a series over dates and places."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.errors import sentences_by_field
from blueprints.guards import signed_in
from blueprints.pages.manage.event_desk import ids, opened
from services import team_events
from services.refusals import Refusal

bp = Blueprint("series", __name__, url_prefix="/events/<uuid:event_id>")

ROWS = 6  # fields for dates that a page without scripts offers


@bp.post("/copies")
@signed_in
def copy(organizer: str, event_id: UUID) -> ResponseReturnValue:
    made = team_events.copy(event_id)
    flash(_("This is the copy, a draft a week later. Change what differs."), "good")
    return redirect(url_for("manage.events.edit", organizer=organizer, event_id=made.id), 303)


@bp.get("/series")
@signed_in
def new(organizer: str, event_id: UUID) -> ResponseReturnValue:
    return _page(organizer, event_id, [], None, {})


@bp.post("/series")
@signed_in
def create(organizer: str, event_id: UUID) -> ResponseReturnValue:
    starts = [words.strip() for words in request.form.getlist("starts") if words.strip()]
    places = [str(place) for place in ids(request.form.getlist("venue_ids"))]
    try:
        made = team_events.repeat(
            organizer, event_id, starts, places, publish=request.form.get("then") == "publish"
        )
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        errors = (
            {"venue_ids": refusal.sentence} if refusal.word == "venue_full" else sentences_by_field(refusal)
        )
        return _page(organizer, event_id, starts, places, errors), refusal.status
    flash(ngettext("%(num)s event is made.", "%(num)s events are made.", len(made)), "good")
    return redirect(url_for("manage.events.index", organizer=organizer), 303)


def _page(
    organizer: str, event_id: UUID, starts: list[str], places: list[str] | None, errors: dict[str, str]
) -> str:
    desk = opened(organizer, event_id, "events:write")
    here = [str(desk.event.venue.id)] if desk.event.venue else []
    return render_template(
        "manage/series/new.html",
        workspace=desk.workspace,
        event=desk.event,
        venues=desk.venues,
        starts=starts + [""] * max(1, ROWS - len(starts)),
        places=here if places is None else places,
        errors=errors,
    )
