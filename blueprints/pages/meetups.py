"""Holding a meetup: a form, then one's own seat to pay."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from blueprints.guards import signed_in
from services import meetups, venues
from services.languages import list_languages
from services.models.meetups import MeetupDraft
from services.refusals import Refusal, sentence

bp = Blueprint("meetups", __name__)

FIELDS = {
    "title_invalid": "title",
    "language_unknown": "language",
    "venue_unknown": "venue_id",
    "venue_full": "venue_id",
    "description_too_long": "description",
    "start_outside_hours": "starts_at",
    "start_too_soon": "starts_at",
    "start_too_late": "starts_at",
    "start_skipped": "starts_at",
}


@bp.get("/meetups/new")
@signed_in
def new() -> ResponseReturnValue:
    return _form_page({}, {})


@bp.post("/meetups")
@signed_in
def create() -> ResponseReturnValue:
    typed = {
        name: request.form.get(name, "")
        for name in ("title", "language", "venue_id", "starts_at", "description")
    }
    try:
        meetup = meetups.create(_draft(typed))
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        field = FIELDS.get(refusal.word, "form")
        return _form_page(typed, {field: sentence(refusal.word, refusal.detail)}), refusal.status
    return redirect(url_for("orders.show", reference=meetup.order.reference), 303)


@bp.post("/meetups/<uuid:event_id>/order")
@signed_in
def retry(event_id: UUID) -> ResponseReturnValue:
    try:
        order = meetups.retry(event_id)
    except Refusal as refusal:
        if refusal.status in {401, 404}:
            raise
        flash(refusal.sentence, "bad")
        return redirect(url_for("events.show", slug=event_id), 303)
    return redirect(url_for("orders.show", reference=order.reference), 303)


def _draft(typed: dict[str, str]) -> MeetupDraft:
    try:
        starts_at = _instant(typed["starts_at"], typed["venue_id"])
        return MeetupDraft.model_validate({**typed, "starts_at": starts_at})
    except ValidationError as error:
        word = {"title": "title_invalid", "venue_id": "venue_unknown", "description": "description_too_long"}
        raise Refusal(word.get(str(error.errors()[0]["loc"][0]), "invalid_input"), 422) from error


def _instant(wall_clock: str, venue_id: str) -> datetime:
    """The instant at which a venue's clocks show this time. Raises Refusal `start_skipped` if none does."""
    try:
        venue = venues.read_venue(str(UUID(venue_id)))
    except (ValueError, Refusal) as error:
        raise Refusal("venue_unknown", 422) from error
    try:
        local = datetime.fromisoformat(wall_clock).replace(tzinfo=ZoneInfo(venue.timezone or "UTC"))
    except ValueError as error:
        raise Refusal("start_skipped", 422) from error
    if local.astimezone(ZoneInfo("UTC")).astimezone(local.tzinfo).replace(fold=0) != local.replace(fold=0):
        raise Refusal("start_skipped", 422)
    return local


def _form_page(typed: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template(
        "meetups/new.html",
        form=typed,
        errors=errors,
        venues=venues.list_venues(page_size=100).venues,
        languages=list_languages(),
    )
