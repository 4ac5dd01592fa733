"""Putting an event on show, and taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import signed_in
from services import team_events
from services.refusals import Refusal, sentence
from web.paths import page_of_form

bp = Blueprint("publications", __name__, url_prefix="/events/<uuid:event_id>/publication")


@bp.post("")
@signed_in
def create(event_id: UUID, **_path: str) -> ResponseReturnValue:
    try:
        event = team_events.publish(event_id)
    except Refusal as refusal:
        return _refused(refusal)
    flash(_("“%(title)s” is on show.", title=event.title), "good")
    return _back()


@bp.post("/withdrawal")
@signed_in
def withdraw(event_id: UUID, **_path: str) -> ResponseReturnValue:
    try:
        team_events.unpublish(event_id)
    except Refusal as refusal:
        return _refused(refusal)
    flash(_("It is a draft again. Only your team sees it."), "good")
    return _back()


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """Back to where the button was, with all that stands in the way."""
    if refusal.status not in {409, 422}:
        raise refusal
    for reason in [sentence(error["code"]) for error in refusal.detail.get("errors", [])] or [
        refusal.sentence
    ]:
        flash(reason, "bad")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(page_of_form(), 303)
