"""One order of a team: what happened to it, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms
from blueprints.pages.manage import history
from services import approvals, desk, team_orders
from services.models.team_orders import AttendeeChange, BuyerChange, ManualPayment
from services.refusals import Refusal

bp = Blueprint("order", __name__, url_prefix="/orders/<reference>")
LONGEST = 320  # characters of a field; Postgres has its own limits below that
FIELDS = {
    "buyer_name_missing": "buyer_name",
    "buyer_email_invalid": "buyer_email",
    "address_of_account": "buyer_email",
    "address_has_order": "buyer_email",
    "buyer_phone_invalid": "buyer_phone",
    "note_invalid": "body",
    "reason_missing": "release_reason",
}


@bp.get("")
@signed_in
def show(organizer: str, reference: str) -> ResponseReturnValue:
    return _page(organizer, reference, {})


@signed_in
def _stale_page(organizer: str, reference: str) -> str:
    return _page(organizer, reference, {"form": STALE.sentence})


@bp.post("/approval")
@signed_in
def approve(organizer: str, reference: str) -> ResponseReturnValue:
    return _deed(organizer, reference, lambda: approvals.approve(reference), _("The buyer is told: yes."))


@bp.post("/rejection")
@signed_in
@drawn_again(_stale_page)
def decline(organizer: str, reference: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")[:500] or None
    return _deed(
        organizer, reference, lambda: approvals.decline(reference, reason), _("The buyer is told: no.")
    )


@bp.post("/release")
@signed_in
@drawn_again(_stale_page)
def release(organizer: str, reference: str) -> ResponseReturnValue:
    reason = request.form.get("release_reason", "")[:LONGEST]
    return _deed(
        organizer,
        reference,
        lambda: team_orders.release(reference, reason),
        _("Cancelled. The buyer is told."),
    )


@bp.post("/payments")
@signed_in
def record_payment(organizer: str, reference: str) -> ResponseReturnValue:
    method = request.form.get("method")
    if method not in {"cash", "bank"}:
        raise Refusal("method_invalid", 422)
    payment = forms.read(ManualPayment, {"method": method})
    return _deed(
        organizer, reference, lambda: desk.record_payment(reference, payment), _("Paid. The buyer is told.")
    )


@bp.post("/hand-back")
@signed_in
def hand_back(organizer: str, reference: str) -> ResponseReturnValue:
    return _deed(organizer, reference, lambda: desk.hand_back(reference), _("Recorded. The buyer is told."))


@bp.post("/buyer")
@signed_in
@drawn_again(_stale_page)
def change_buyer(organizer: str, reference: str) -> ResponseReturnValue:
    change = forms.read(
        BuyerChange,
        {
            "name": _typed("buyer_name") or "",
            "email": _typed("buyer_email") or "",
            "phone": _typed("buyer_phone"),
        },
    )
    return _deed(
        organizer, reference, lambda: team_orders.change_buyer(reference, change), _("The order is changed.")
    )


@bp.post("/attendees/<uuid:attendee_id>")
@signed_in
def change_attendee(organizer: str, reference: str, attendee_id: UUID) -> ResponseReturnValue:
    change = forms.read(AttendeeChange, {field: _typed(field) for field in ("name", "email", "phone")})
    return _deed(
        organizer,
        reference,
        lambda: team_orders.change_attendee(reference, attendee_id, change),
        _("The seat is changed."),
        field=str(attendee_id),
    )


@bp.post("/mails/<uuid:delivery_id>")
@signed_in
def repeat_mail(organizer: str, reference: str, delivery_id: UUID) -> ResponseReturnValue:
    return _deed(
        organizer,
        reference,
        lambda: team_orders.repeat_mail(reference, delivery_id),
        _("The mail goes out again."),
    )


@bp.post("/notes")
@signed_in
@drawn_again(_stale_page)
def add_note(organizer: str, reference: str) -> ResponseReturnValue:
    body = request.form.get("body", "")
    return _deed(organizer, reference, lambda: team_orders.add_note(reference, body), _("Noted."))


def _typed(field: str) -> str | None:
    return request.form.get(field, "").strip()[:LONGEST] or None


def _deed(
    organizer: str, reference: str, do: Callable[[], object], told: str, field: str | None = None
) -> ResponseReturnValue:
    """Do it and say so; what was refused is said beside its field, or else where the order's page begins."""
    try:
        do()
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        errors = {field or FIELDS.get(refusal.word, "form"): refusal.sentence}
        return _page(organizer, reference, errors), refusal.status
    flash(told, "good")
    return redirect(url_for(".show", organizer=organizer, reference=reference), 303)


def _page(organizer: str, reference: str, errors: dict[str, str]) -> str:
    file = team_orders.read(reference, organizer)
    return render_template(
        "manage/orders/show.html",
        workspace=file.workspace,
        file=file,
        order=file.order,
        errors=errors,
        typed=request.form,
        words=history,
    )
