"""Giving money back as a team: the sum is shown before anybody says yes."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms
from services import cancellations, team_orders
from services.models.orders import Order, RefundRequest
from services.refusals import Refusal, sentence
from web.amounts import cents

bp = Blueprint("refunds", __name__, url_prefix="/orders/<reference>/refunds")
FIELDS = {"reason_missing": "reason", "refund_exceeds_payment": "amount", "amount_invalid": "amount"}


@bp.get("/new")
@signed_in
def new(organizer: str, reference: str) -> ResponseReturnValue:
    seats = request.args.getlist("attendee")
    if "chosen" in request.args and not seats:
        return _page(organizer, reference, None, {"attendee": sentence("attendee_missing")})
    return _page(organizer, reference, _ids(seats), {})


@signed_in
def _stale_page(organizer: str, reference: str) -> str:
    return _page(organizer, reference, _ids(request.form.getlist("attendee")), {"form": STALE.sentence})


@bp.post("")
@signed_in
@drawn_again(_stale_page)
def create(organizer: str, reference: str) -> ResponseReturnValue:
    seats: list[UUID] | None = None
    try:
        seats = _ids(request.form.getlist("attendee"))
        order = cancellations.refund(reference, _asked(seats))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        chosen = None if refusal.word == "attendee_unknown" else seats
        errors = {FIELDS.get(refusal.word, "form"): refusal.sentence}
        return _page(organizer, reference, chosen, errors), refusal.status
    flash(_told(order), "good")
    return redirect(url_for("manage.order.show", organizer=organizer, reference=reference), 303)


def _asked(seats: list[UUID] | None) -> RefundRequest:
    """Seats with their price, or an amount alone. Raises Refusal: amount_invalid, invalid_input."""
    fields: dict[str, Any] = {
        "reason": request.form.get("reason", ""),
        "kept_cents": _kept(request.form.get("kept_cents")),
    }
    if "amount" in request.form:
        fields["amount_cents"] = cents(request.form["amount"], _currency())
    else:
        fields["attendees"] = seats
    try:
        return forms.read(RefundRequest, fields)
    except Refusal as refusal:
        if "amount_cents" in sentences_by_field(refusal):
            raise Refusal("amount_invalid", 422) from refusal
        raise


def _currency() -> str:
    """The order's, as its form says; Postgres knows the order's own."""
    currency = request.form.get("currency", "")
    return currency if re.fullmatch("[A-Z]{3}", currency) else "EUR"


def _kept(words: str | None) -> int | str | None:
    """What the form said that is left of the order's money; nonsense is refused rather than left out."""
    return int(words) if words and words.isdecimal() and len(words) < 10 else words


def _ids(seats: list[str]) -> list[UUID] | None:
    """The seats that are ticked; none ticked means all of them."""
    try:
        return [UUID(seat) for seat in seats] or None
    except ValueError as error:
        raise Refusal("attendee_unknown", 422) from error


def _page(organizer: str, reference: str, seats: list[UUID] | None, errors: dict[str, str]) -> str:
    preview = team_orders.prepare_refund(reference, organizer, seats)
    return render_template(
        "manage/orders/refund.html",
        workspace=preview.workspace,
        preview=preview,
        order=preview.order,
        errors=errors,
        typed=request.form,
    )


def _told(order: Order) -> str:
    last = order.cancellation
    if last is not None and last.status == "refunding":
        return str(_("The refund is asked for. The seats are free as soon as it is accepted."))
    return str(_("Done. The buyer is told."))
