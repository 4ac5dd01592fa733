"""Giving money back as a team: the sum is shown before anybody says yes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import ValidationError

from blueprints.guards import signed_in
from services import cancellations, team_orders
from services.models.orders import Order, RefundRequest
from services.refusals import Refusal, sentence

bp = Blueprint("refunds", __name__, url_prefix="/orders/<reference>/refunds")
FIELDS = {"reason_missing": "reason", "refund_exceeds_payment": "amount", "amount_invalid": "amount"}


@bp.get("/new")
@signed_in
def new(organizer: str, reference: str) -> ResponseReturnValue:
    seats = request.args.getlist("attendee")
    if "chosen" in request.args and not seats:
        return _page(organizer, reference, None, {"attendee": sentence("attendee_missing")})
    return _page(organizer, reference, _ids(seats), {})


@bp.post("")
@signed_in
def create(organizer: str, reference: str) -> ResponseReturnValue:
    seats = _ids(request.form.getlist("attendee"))
    try:
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
        "kept_cents": request.form.get("kept_cents", type=int),
    }
    if "amount" in request.form:
        fields["amount_cents"] = _cents(request.form["amount"], request.form.get("currency", "EUR"))
    else:
        fields["attendees"] = seats
    try:
        return RefundRequest.model_validate(fields)
    except ValidationError as error:
        word = "amount_invalid" if "amount_cents" in str(error) else "invalid_input"
        raise Refusal(word, 422) from error


def _cents(typed: str, currency: str) -> int:
    """An amount as people type it, "12.50" or "12,50", in minor units. Raises Refusal amount_invalid."""
    try:
        amount = Decimal(typed.strip().replace(",", ".")).scaleb(get_currency_precision(currency))
        if amount != amount.to_integral_value():
            raise Refusal("amount_invalid", 422)
        return int(amount)
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise Refusal("amount_invalid", 422) from error


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
