"""An event held again: a copy, or a series over dates and places."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages.manage.event_desk import ids, opened
from blueprints.pages.manage.event_form import in_order
from services import team_events
from services.refusals import Refusal

bp = Blueprint("series", __name__, url_prefix="/events/<uuid:event_id>")

ROWS = 2  # fields for dates that the page begins with
MOST = 50  # dates of one series
MORE = 4  # empty ones it offers when a page without scripts is asked for more


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


@signed_in
def _stale_page(organizer: str, event_id: UUID) -> str:
    return _page(organizer, event_id, _starts(), _places(), sentences_by_field(STALE))


@bp.post("/series")
@signed_in
@drawn_again(_stale_page)
def create(organizer: str, event_id: UUID) -> ResponseReturnValue:
    starts, places = _starts(), _places()
    if request.form.get("then") == "more":
        return _page(organizer, event_id, starts, places, {}, empty=MORE)
    try:
        made = team_events.repeat(
            organizer, event_id, starts, places, publish=request.form.get("then") == "publish"
        )
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _page(organizer, event_id, starts, places, _errors(refusal)), refusal.status
    flash(ngettext("%(num)s event is made.", "%(num)s events are made.", len(made)), "good")
    return redirect(url_for("manage.events.index", organizer=organizer), 303)


def _errors(refusal: Refusal) -> dict[str, str]:
    """What to say beside which field; what is wrong with a date names it."""
    if refusal.word == "venue_full":
        return {"venue_ids": refusal.sentence}
    told = {field: _of_its_date(field, words) for field, words in sentences_by_field(refusal).items()}
    return in_order(told, [f"starts.{number}" for number in range(MOST)])


def _of_its_date(field: str, words: str) -> str:
    place, _dot, number = field.partition(".")
    if place != "starts" or not number:
        return words
    return str(_("%(label)s: %(value)s", label=_("Date %(number)s", number=int(number) + 1), value=words))


def _starts() -> list[str]:
    return [words.strip() for words in request.form.getlist("starts") if words.strip()]


def _places() -> list[str]:
    return [str(place) for place in ids(request.form.getlist("venue_ids"))]


def _page(
    organizer: str,
    event_id: UUID,
    starts: list[str],
    places: list[str] | None,
    errors: dict[str, str],
    empty: int = 1,
) -> str:
    desk = opened(organizer, event_id, "events:write")
    here = [str(desk.event.venue.id)] if desk.event.venue else []
    return render_template(
        "manage/series/new.html",
        workspace=desk.workspace,
        event=desk.event,
        venues=desk.venues,
        starts=starts + [""] * max(empty, ROWS - len(starts)),
        places=here if places is None else places,
        errors=errors,
    )
