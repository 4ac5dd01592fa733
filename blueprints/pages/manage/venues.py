"""A team's venues: what they are, when they are open, who watches them, and what happens there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages.manage import venue_form
from blueprints.pages.manage.event_form import timezones
from services import team_venues
from services.models.workspaces import Workspace
from services.refusals import Refusal

bp = Blueprint("venues", __name__, url_prefix="/venues")


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    page = team_venues.list_venues(organizer)
    return render_template("manage/venues/index.html", workspace=page.workspace, venues=page.venues)


@bp.get("/new")
@signed_in
def new(organizer: str) -> ResponseReturnValue:
    return _new_page(organizer, None, {})


@signed_in
def _stale_new_page(organizer: str) -> str:
    return _new_page(organizer, venue_form.typed(request.form), sentences_by_field(STALE))


@bp.post("")
@signed_in
@drawn_again(_stale_new_page)
def create(organizer: str) -> ResponseReturnValue:
    form = venue_form.typed(request.form)
    try:
        venue = team_venues.create(organizer, venue_form.facts(form))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _new_page(organizer, form, venue_form.errors(refusal)), refusal.status
    flash(_("%(name)s is one of your venues now.", name=venue.name), "good")
    flash(f"venue-of-{organizer}", "taken")
    if request.form.get("then") == "event":
        return redirect(url_for("manage.events.new", organizer=organizer, venue_id=venue.id), 303)
    return redirect(url_for(".show", organizer=organizer, venue=venue.slug), 303)


@bp.get("/<venue>")
@signed_in
def show(organizer: str, venue: str) -> ResponseReturnValue:
    return _page(organizer, venue)


@bp.get("/<venue>/edit")
@signed_in
def edit(organizer: str, venue: str) -> ResponseReturnValue:
    return _edit_page(organizer, venue)


@signed_in
def _stale_edit_page(organizer: str, venue: str) -> str:
    return _edit_page(organizer, venue, venue_form.typed(request.form), STALE)


@bp.post("/<venue>/edit")
@signed_in
@drawn_again(_stale_edit_page)
def update(organizer: str, venue: str) -> ResponseReturnValue:
    form = venue_form.typed(request.form)
    revision = int(form["revision"]) if form["revision"].isdecimal() and len(form["revision"]) < 10 else 0
    try:
        team_venues.update(venue, revision, venue_form.facts(form))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _edit_page(organizer, venue, form, refusal), refusal.status
    flash(_("Saved."), "good")
    return redirect(url_for(".show", organizer=organizer, venue=venue), 303)


@bp.post("/<venue>/key")
@signed_in
def make_key(organizer: str, venue: str) -> ResponseReturnValue:
    """The page itself shows the key: after a redirect nobody would know it any more."""
    made = team_venues.make_key(venue)
    return _page(organizer, venue, key=made.key), 201, {"Cache-Control": "no-store"}


@bp.post("/<venue>/key/end")
@signed_in
def end_key(organizer: str, venue: str) -> ResponseReturnValue:
    team_venues.end_key(venue)
    flash(_("The key opens nothing any more."), "good")
    return redirect(url_for(".show", organizer=organizer, venue=venue), 303)


def _page(organizer: str, venue: str, key: str | None = None) -> str:
    desk = team_venues.read(organizer, venue)
    return render_template(
        "manage/venues/show.html", workspace=desk.workspace, desk=desk, venue=desk.venue, key=key
    )


def _new_page(organizer: str, form: venue_form.Form | None, errors: dict[str, str]) -> str:
    page = team_venues.list_venues(organizer)
    return _form_page(
        "new", page.workspace, form or venue_form.begun(page.venues), errors, then=request.values.get("then")
    )


def _edit_page(
    organizer: str, venue: str, form: venue_form.Form | None = None, refusal: Refusal | None = None
) -> str:
    desk = team_venues.read(organizer, venue)
    errors: dict[str, str] = {}
    if form is not None and refusal is not None:
        errors = venue_form.errors(refusal)
        if refusal.word == "edited_meanwhile":
            form, errors = venue_form.merged(form, refusal, desk.venue)
    return _form_page("edit", desk.workspace, form or venue_form.filled(desk.venue), errors, venue=desk.venue)


def _form_page(
    name: str, workspace: Workspace, form: venue_form.Form, errors: dict[str, str], **facts: Any
) -> str:
    if not workspace.may("events:write"):
        raise Refusal("not_permitted", 403)
    return render_template(
        f"manage/venues/{name}.html",
        workspace=workspace,
        form=form,
        errors=errors,
        timezones=timezones(),
        has_hours=venue_form.has_hours(form),
        **facts,
    )
