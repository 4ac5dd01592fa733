"""Waiting in line for seats."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import signed_in
from blueprints.pages import forms
from services import events, waitlist
from services.models.waitlist import WaitlistDraft
from services.refusals import Refusal

bp = Blueprint("waitlist", __name__)


@bp.get("/waitlist")
@signed_in
def index() -> ResponseReturnValue:
    return render_template("waitlist/index.html", entries=waitlist.list_own())


@bp.get("/events/<slug>/waitlist/new")
@signed_in
def new(slug: str) -> ResponseReturnValue:
    """Where those who had to sign in first come back to, with the seats they chose."""
    event = events.read_event(slug)
    wanted = request.args.get("ticket_type_id", "")
    ticket_type = next((each for each in event.ticket_types if str(each.id) == wanted), None)
    if ticket_type is None:
        return redirect(url_for("events.show", slug=slug, _anchor="tickets"), 303)
    quantity = request.args.get("quantity", type=int) or ticket_type.min_per_order
    return render_template("waitlist/new.html", event=event, type=ticket_type, quantity=quantity)


@bp.post("/events/<uuid:event_id>/waitlist")
@signed_in
def join(event_id: UUID) -> ResponseReturnValue:
    try:
        entry = waitlist.join(event_id, _draft())
    except Refusal as refusal:
        if refusal.status in {401, 404}:
            raise
        flash(refusal.sentence, "bad")
        return redirect(_way_on(event_id, refusal), 303)
    flash(
        _(
            "You are in line, number %(position)s. A mail tells you when seats are free.",
            position=entry.position,
        )
    )
    return redirect(url_for(".index"), 303)


@bp.post("/waitlist/<uuid:entry_id>/departure")
@signed_in
def leave(entry_id: UUID) -> ResponseReturnValue:
    try:
        waitlist.leave(entry_id)
    except Refusal as refusal:
        if refusal.status in {401, 404}:
            raise
        flash(refusal.sentence, "bad")
    else:
        flash(_("You have left the line."))
    return redirect(url_for(".index"), 303)


def _way_on(event_id: UUID, refusal: Refusal) -> str:
    if refusal.word == "already_in_line":
        return url_for(".index")
    return url_for("events.show", slug=event_id, _anchor="tickets")


def _draft() -> WaitlistDraft:
    number = request.form.get("quantity") or "1"
    quantity = int(number) if number.isdecimal() and len(number) < 10 else number
    return forms.read(
        WaitlistDraft, {"ticket_type_id": request.form.get("ticket_type_id"), "quantity": quantity}
    )
