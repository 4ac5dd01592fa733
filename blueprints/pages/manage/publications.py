"""Putting an event on show, and taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import signed_in
from services import team_events
from services.refusals import Refusal, sentence

bp = Blueprint("publications", __name__, url_prefix="/events/<uuid:event_id>/publication")


@bp.post("")
@signed_in
def create(organizer: str, event_id: UUID) -> ResponseReturnValue:
    try:
        event = team_events.publish(event_id)
    except Refusal as refusal:
        return _refused(organizer, event_id, refusal)
    flash(_("“%(title)s” is on show.", title=event.title), "good")
    return _back(organizer, event_id)


@bp.post("/withdrawal")
@signed_in
def withdraw(organizer: str, event_id: UUID) -> ResponseReturnValue:
    try:
        team_events.unpublish(event_id)
    except Refusal as refusal:
        return _refused(organizer, event_id, refusal)
    flash(_("It is a draft again. Only your team sees it."), "good")
    return _back(organizer, event_id)


def _refused(organizer: str, event_id: UUID, refusal: Refusal) -> ResponseReturnValue:
    """Back to where the button was, with all that stands in the way."""
    if refusal.status not in {409, 422}:
        raise refusal
    for reason in [sentence(error["code"]) for error in refusal.detail.get("errors", [])] or [
        refusal.sentence
    ]:
        flash(reason, "bad")
    return _back(organizer, event_id)


def _back(organizer: str, event_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("manage.events.edit", organizer=organizer, event_id=event_id), 303)
