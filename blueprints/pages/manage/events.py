"""A team's events: the list, and making, editing and deleting one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages.filters import filters
from blueprints.pages.manage import event_form
from blueprints.pages.manage.event_desk import opened
from services import team_events
from services.languages import list_languages
from services.models.team_events import EventDesk, TeamEventSearch
from services.refusals import Refusal

bp = Blueprint("events", __name__, url_prefix="/events")


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    search = filters(TeamEventSearch)
    page = team_events.list_events(organizer, search)
    return render_template("manage/events/index.html", workspace=page.workspace, page=page, filters=search)


@bp.get("/new")
@signed_in
def new(organizer: str) -> ResponseReturnValue:
    return _new_page(organizer, None, {})


@signed_in
def _stale_new_page(organizer: str) -> str:
    return _new_page(organizer, event_form.typed(request.form), event_form.errors(STALE))


@bp.post("")
@signed_in
@drawn_again(_stale_new_page)
def create(organizer: str) -> ResponseReturnValue:
    form = event_form.typed(request.form)
    try:
        event = team_events.create(
            organizer, event_form.first_facts(form), publish=request.form.get("then") == "publish"
        )
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _new_page(organizer, form, event_form.errors(refusal)), refusal.status
    flash(f"event-of-{organizer}", "taken")
    if event.status == "published":
        flash(_("“%(title)s” is on show.", title=event.title), "good")
    else:
        flash(_("Kept as a draft. Only your team sees it."), "good")
    return redirect(url_for("manage.events.edit", organizer=organizer, event_id=event.id), 303)


@bp.get("/<uuid:event_id>/edit")
@signed_in
def edit(organizer: str, event_id: UUID) -> ResponseReturnValue:
    return edit_page(organizer, event_id)


@signed_in
def _stale_edit_page(organizer: str, event_id: UUID) -> str:
    return edit_page(organizer, event_id, event_form.typed(request.form), event_form.errors(STALE))


@bp.post("/<uuid:event_id>/edit")
@signed_in
@drawn_again(_stale_edit_page)
def update(organizer: str, event_id: UUID) -> ResponseReturnValue:
    form = event_form.typed(request.form)
    try:
        team_events.update(event_id, event_form.revision(form), event_form.facts(form))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _refused_edit(organizer, event_id, form, refusal), refusal.status
    flash(_("Saved."), "good")
    return redirect(url_for("manage.events.edit", organizer=organizer, event_id=event_id), 303)


@bp.post("/<uuid:event_id>/deletion")
@signed_in
def delete(organizer: str, event_id: UUID) -> ResponseReturnValue:
    try:
        team_events.delete(event_id)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        flash(refusal.sentence, "bad")
        return redirect(url_for("manage.events.edit", organizer=organizer, event_id=event_id), 303)
    flash(_("The draft is deleted."), "good")
    return redirect(url_for("manage.events.index", organizer=organizer), 303)


def _new_page(organizer: str, form: event_form.Form | None, errors: dict[str, str]) -> str:
    desk = team_events.prepare(organizer)
    return render_template(
        "manage/events/new.html",
        workspace=desk.workspace,
        desk=desk,
        form=form or event_form.begun(desk.defaults, request.args),
        errors=errors,
        languages=list_languages(),
        timezones=event_form.timezones(),
    )


def _refused_edit(organizer: str, event_id: UUID, form: event_form.Form, refusal: Refusal) -> str:
    if refusal.word != "edited_meanwhile":
        return edit_page(organizer, event_id, form, event_form.errors(refusal))
    desk = opened(organizer, event_id, "events:write")
    return _draw(desk, *event_form.merged(form, refusal, desk.event))


def edit_page(
    organizer: str,
    event_id: UUID,
    form: event_form.Form | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    """The form of an event, as it is or as it was filled in. Raises Refusal: not_found, not_permitted."""
    desk = opened(organizer, event_id, "events:write")
    return _draw(desk, form or event_form.filled(desk.event), errors or {})


def _draw(desk: EventDesk, form: event_form.Form, errors: dict[str, str]) -> str:
    return render_template(
        "manage/events/edit.html",
        workspace=desk.workspace,
        desk=desk,
        event=desk.event,
        form=form,
        errors=errors,
        languages=list_languages(),
        timezones=event_form.timezones(),
    )
