"""Calling an event off: what it would do, and doing it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import STALE, drawn_again, signed_in
from services import events, team_events
from services.refusals import Refusal

bp = Blueprint("event_cancellations", __name__, url_prefix="/events/<uuid:event_id>/cancellation")


@bp.get("")
@signed_in
def new(organizer: str, event_id: UUID) -> ResponseReturnValue:
    return _page(organizer, event_id, {})


@signed_in
def _stale_page(organizer: str, event_id: UUID) -> str:
    return _page(organizer, event_id, {"form": STALE.sentence})


@bp.post("")
@signed_in
@drawn_again(_stale_page)
def create(organizer: str, event_id: UUID) -> ResponseReturnValue:
    try:
        event = events.cancel(event_id, request.form.get("reason", ""))
    except Refusal as refusal:
        if refusal.status not in {409, 422}:
            raise
        field = "reason" if refusal.word == "reason_missing" else "form"
        return _page(organizer, event_id, {field: refusal.sentence}), refusal.status
    flash(
        _(
            "“%(title)s” is called off. Everyone is told; what was paid online goes back by itself.",
            title=event.title,
        ),
        "good",
    )
    if event.organizer.slug != organizer:
        return redirect(url_for("manage.events.index", organizer=organizer), 303)
    return redirect(url_for("manage.dashboard.show", organizer=organizer, event_id=event_id), 303)


def _page(organizer: str, event_id: UUID, errors: dict[str, str]) -> str:
    quote = team_events.quote_cancellation(event_id, organizer)
    return render_template(
        "manage/events/cancellation.html",
        workspace=quote.workspace,
        event=quote.event,
        quote=quote,
        reason=request.form.get("reason", ""),
        errors=errors,
    )
