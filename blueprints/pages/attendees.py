"""Who sits in the seats of one's order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import STALE, drawn_again
from blueprints.pages import forms
from blueprints.pages.manage.event_form import News
from blueprints.pages.orders import said_on_order
from services import orders
from services.models.orders import Attendee, Naming, Order
from services.refusals import Refusal, sentence

bp = Blueprint("attendees", __name__, url_prefix="/orders/<reference>/attendees")

SEAT = re.compile(r"revision\[([0-9a-f-]{36})\]")
LONGEST = 320  # characters of a field; Postgres has its own limits below that
# What is wrong about somebody in a seat, by field.
WRONG = {"name": "too_long", "email": "email_invalid", "phone": "buyer_phone_invalid"}


@bp.get("")
def edit(reference: str) -> ResponseReturnValue:
    order = orders.read(reference)
    if "name" not in order.can:
        return said_on_order(reference, Refusal("names_fixed", 409))
    return _page(order, {})


def _stale_page(reference: str) -> str:
    return _page(orders.read(reference), {"form": STALE.sentence})


@bp.post("")
@drawn_again(_stale_page)
def update(reference: str) -> ResponseReturnValue:
    seats = [seat for field in request.form if (seat := _seat_of(field))]
    try:
        naming = forms.read(Naming, {"attendees": [_typed(seat) for seat in seats]})
        orders.name_attendees(reference, naming)
    except Refusal as refusal:
        if refusal.status in {401, 404} or refusal.word == "names_fixed":
            return said_on_order(reference, refusal)
        order = orders.read(reference)
        return _page(order, _errors(refusal, order, seats)), refusal.status
    flash(_("The names are saved."), "good")
    return redirect(url_for("orders.show", reference=reference), 303)


def _page(order: Order, errors: Mapping[str, str]) -> str:
    return render_template("orders/attendees.html", order=order, errors=errors, typed=request.form)


def _seat_of(field: str) -> str | None:
    found = SEAT.fullmatch(field)
    return found[1] if found else None


def _typed(seat: str) -> dict[str, Any]:
    """What was typed for a seat; a field that the form does not ask for stays as it is."""
    person = {
        field: request.form[name].strip()[:LONGEST] or None
        for field in WRONG
        if (name := f"{field}[{seat}]") in request.form
    }
    return {"id": seat, "revision": request.form.get(f"revision[{seat}]", type=int), **person}


def _errors(refusal: Refusal, order: Order, seats: list[str]) -> Mapping[str, str]:
    """What to say beside which field; a seat that was changed meanwhile tells what is there now."""
    place, field = refusal.detail.get("seat"), refusal.detail.get("field")
    if refusal.word == "attendees_invalid" and place is not None and field in WRONG:
        return {f"{field}-{seats[place]}": sentence(WRONG[field])}
    if refusal.word != "edited_meanwhile":
        return {"form": refusal.sentence}
    return {"form": News(refusal.sentence)} | {
        f"name-{seat.id}": News(_now(seat))
        for seat in order.attendees
        if request.form.get(f"revision[{seat.id}]", type=int) != seat.revision and not seat.cancelled_at
    }


def _now(seat: Attendee) -> str:
    person = ", ".join(part for part in (seat.name, seat.email, seat.phone) if part)
    return str(_("It now says: %(person)s.", person=person or _("No name yet")))
