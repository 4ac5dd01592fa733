"""Giving seats up: what comes back is shown before one says yes."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.pages.orders import said_on_order
from services import cancellations, orders
from services.models.orders import CancellationQuote, Order
from services.refusals import Refusal, sentence

bp = Blueprint("cancellations", __name__)


@bp.get("/orders/<reference>/cancellation")
def show(reference: str) -> ResponseReturnValue:
    attendees = request.args.getlist("attendee")
    if "chosen" in request.args and not attendees:
        return _page(reference, None, {"attendee": sentence("attendee_missing")})
    try:
        quote = cancellations.quote(reference, _chosen(attendees))
    except Refusal as refusal:
        return said_on_order(reference, refusal)
    if quote.refusal:
        return said_on_order(reference, Refusal(quote.refusal, 409))
    return _page(reference, quote, {})


@bp.post("/orders/<reference>/cancellation")
def create(reference: str) -> ResponseReturnValue:
    try:
        order = cancellations.cancel(reference, _chosen(request.form.getlist("attendee")))
    except Refusal as refusal:
        return said_on_order(reference, refusal)
    flash(_told(order))
    return redirect(url_for("orders.show", reference=reference), 303)


def _page(reference: str, quote: CancellationQuote | None, errors: dict[str, str]) -> str:
    return render_template(
        "orders/cancellation.html", order=orders.read(reference), quote=quote, errors=errors
    )


def _told(order: Order) -> str:
    last = order.cancellation
    if last is None:
        return str(_("The seats are given back."))
    if last.status == "done":
        return str(ngettext("The seat is cancelled.", "The seats are cancelled.", last.seats))
    if last.status == "failed":
        return str(_("The refund was not accepted, so nothing was cancelled."))
    return str(_("Your refund is on its way. The seats are cancelled as soon as it is accepted."))


def _chosen(ids: list[str]) -> list[UUID] | None:
    """The seats that are ticked; none ticked means all of them."""
    try:
        return [UUID(each) for each in ids] or None
    except ValueError as error:
        raise Refusal("attendee_unknown", 422) from error
