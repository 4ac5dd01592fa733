"""The ticket types of one event: listed, put in order, made, edited, deleted, and what they would cost."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages.manage import ticket_form
from blueprints.pages.manage.event_desk import ids, opened
from blueprints.pages.manage.event_form import Form, revision
from services import ticket_types
from services.refusals import Refusal

bp = Blueprint("ticket_types", __name__, url_prefix="/events/<uuid:event_id>/ticket-types")


@bp.get("")
@signed_in
def index(organizer: str, event_id: UUID) -> ResponseReturnValue:
    desk = opened(organizer, event_id, "events:read")
    return render_template("manage/ticket_types/index.html", workspace=desk.workspace, event=desk.event)


@bp.get("/new")
@signed_in
def new(organizer: str, event_id: UUID) -> ResponseReturnValue:
    return _new_page(organizer, event_id, None, {})


@signed_in
def _stale_new_page(organizer: str, event_id: UUID) -> str:
    return _new_page(organizer, event_id, ticket_form.typed(request.form), ticket_form.errors(STALE))


@bp.post("")
@signed_in
@drawn_again(_stale_new_page)
def create(organizer: str, event_id: UUID) -> ResponseReturnValue:
    form = ticket_form.typed(request.form)
    try:
        made = ticket_types.create(event_id, ticket_form.facts(form))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _new_page(organizer, event_id, form, ticket_form.errors(refusal)), refusal.status
    flash(_("“%(name)s” is added.", name=made.name), "good")
    flash(f"ticket-of-{event_id}", "taken")
    return _to_list(organizer, event_id)


@bp.get("/<uuid:ticket_type_id>")
@signed_in
def edit(organizer: str, event_id: UUID, ticket_type_id: UUID) -> ResponseReturnValue:
    return _edit_page(organizer, event_id, ticket_type_id)


@signed_in
def _stale_edit_page(organizer: str, event_id: UUID, ticket_type_id: UUID) -> str:
    return _edit_page(organizer, event_id, ticket_type_id, ticket_form.typed(request.form), STALE)


@bp.post("/<uuid:ticket_type_id>")
@signed_in
@drawn_again(_stale_edit_page)
def update(organizer: str, event_id: UUID, ticket_type_id: UUID) -> ResponseReturnValue:
    form = ticket_form.typed(request.form)
    try:
        ticket_types.update(ticket_type_id, revision(form), ticket_form.facts(form))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _edit_page(organizer, event_id, ticket_type_id, form, refusal), refusal.status
    flash(_("Saved. What was ordered keeps its price."), "good")
    return _to_list(organizer, event_id)


@bp.post("/<uuid:ticket_type_id>/deletion")
@signed_in
def delete(organizer: str, event_id: UUID, ticket_type_id: UUID) -> ResponseReturnValue:
    try:
        ticket_types.delete(ticket_type_id)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        flash(refusal.sentence, "bad")
    else:
        flash(_("The ticket type is deleted."), "good")
    return _to_list(organizer, event_id)


@bp.post("/order")
@signed_in
def arrange(organizer: str, event_id: UUID) -> ResponseReturnValue:
    """The form sends the ids in their new order: each button has its own."""
    ticket_types.arrange(event_id, ids(request.form.get("order", "").split()))
    return _to_list(organizer, event_id)


@bp.get("/preview")
@signed_in
def preview(event_id: UUID, **_path: str) -> ResponseReturnValue:
    """What the form would cost, as the part of the page that says so."""
    form = ticket_form.typed(request.args)
    id = request.args.get("ticket_type_id", type=UUID)
    try:
        prices = ticket_types.preview(event_id, id, ticket_form.facts(form))
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        prices = None
    return render_template("manage/ticket_types/_preview.html", preview=prices)


def _to_list(organizer: str, event_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("manage.ticket_types.index", organizer=organizer, event_id=event_id), 303)


def _new_page(organizer: str, event_id: UUID, form: Form | None, errors: dict[str, str]) -> str:
    desk = opened(organizer, event_id, "events:write")
    return render_template(
        "manage/ticket_types/form.html",
        workspace=desk.workspace,
        event=desk.event,
        form=form or ticket_form.begun(desk.event.currency),
        errors=errors,
        preview=None,
    )


def _edit_page(
    organizer: str,
    event_id: UUID,
    ticket_type_id: UUID,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> str:
    desk = ticket_types.read(ticket_type_id)
    event, type = desk.event, desk.ticket_type
    if (event.organizer, event.id) != (organizer, event_id):
        raise Refusal("not_found", 404)
    if not desk.workspace.may("events:write"):
        raise Refusal("not_permitted", 403)
    errors: dict[str, str] = {}
    if form is not None and refusal is not None:
        errors = ticket_form.errors(refusal)
        if refusal.word == "edited_meanwhile":
            form, errors = ticket_form.merged(form, refusal, type, event.timezone)
    return render_template(
        "manage/ticket_types/form.html",
        workspace=desk.workspace,
        event=event,
        type=type,
        form=form or ticket_form.filled(type, event.currency, event.timezone),
        errors=errors,
        preview=desk.preview,
    )
