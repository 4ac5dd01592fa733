"""Holding a meetup: a form, then one's own seat to pay."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import meetup_form
from services import meetups, venues
from services.languages import list_languages
from services.models.venues import Venue
from services.refusals import Refusal

bp = Blueprint("meetups", __name__)


@bp.get("/meetups/new")
@signed_in
def new() -> ResponseReturnValue:
    form = meetup_form.typed(request.args)
    return _form_page(form, {}, _places(form["venue_id"]))


@signed_in
def _stale_page() -> str:
    form = meetup_form.typed(request.form)
    return _form_page(form, meetup_form.errors(STALE), _places(form["venue_id"]))


@bp.post("/meetups")
@signed_in
@drawn_again(_stale_page)
def create() -> ResponseReturnValue:
    form = meetup_form.typed(request.form)
    places = _places(form["venue_id"])
    draft, errors = meetup_form.judged(form, places)
    if draft is None:
        return _form_page(form, errors, places), 422
    try:
        meetup = meetups.create(draft)
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        return _form_page(form, meetup_form.errors(refusal), places), refusal.status
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


def _places(chosen: str) -> list[Venue]:
    """A hundred venues by city, and the one that is chosen, be it among them or not."""
    found = venues.list_venues(page_size=100).venues
    if chosen and all(str(venue.id) != chosen for venue in found):
        with suppress(Refusal):
            other = venues.read_venue(chosen[:100])
            found = [venue for venue in found if venue.id != other.id] + [other]
    return sorted(found, key=lambda venue: (venue.city, venue.name))


def _form_page(form: Mapping[str, str], errors: dict[str, str], places: list[Venue]) -> str:
    return render_template(
        "meetups/new.html",
        form=form,
        errors=errors,
        venues=places,
        languages=list_languages(),
        window=meetup_form.window(places[0].timezone if places else None),
    )
