"""Seats given or sold by a team itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms, order_form
from services import desk
from services.models.team_orders import DeskOrder
from services.refusals import Refusal, sentence

bp = Blueprint("desk", __name__, url_prefix="/events/<uuid:event_id>/orders")
LONGEST_KEY = 255  # characters


@bp.get("/new")
@signed_in
def new(organizer: str, event_id: UUID) -> ResponseReturnValue:
    return _page(organizer, event_id, {"idempotency_key": str(uuid4())}, {})


@bp.get("/quote")
@signed_in
def quote(event_id: UUID, **_path: str) -> ResponseReturnValue:
    """What is to pay for the seats of the form, for its script."""
    asked, free = order_form.quantities(request.args), request.args.get("payment") == "comp"
    return jsonify(desk.quote(event_id, asked, free=free).model_dump(mode="json"))


@signed_in
def _stale_page(organizer: str, event_id: UUID) -> str:
    return _page(organizer, event_id, request.form.to_dict(), order_form.errors(STALE))


@bp.post("")
@signed_in
@drawn_again(_stale_page)
def create(organizer: str, event_id: UUID) -> ResponseReturnValue:
    form = request.form.to_dict()
    if not form.get("payment"):
        return _page(organizer, event_id, form, {"payment": sentence("required")}), 422
    try:
        file = desk.seat(event_id, _asked(), form.get("idempotency_key", "")[:LONGEST_KEY] or None)
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _page(organizer, event_id, form, _errors(refusal)), refusal.status
    flash(_("Seated. The confirmation is on its way to %(email)s.", email=file.order.buyer.email), "good")
    return redirect(url_for("manage.order.show", organizer=organizer, reference=file.order.reference), 303)


def _asked() -> DeskOrder:
    """The order as the form has it. Raises Refusal: quantity_invalid, invalid_input."""
    return forms.read(
        DeskOrder,
        {
            "lines": [
                {"ticket_type_id": id, "quantity": number}
                for id, number in order_form.quantities(request.form).items()
            ],
            "buyer": {
                field: request.form.get(f"buyer_{field}") or None for field in ("name", "email", "phone")
            },
            "payment": request.form.get("payment"),
            "note": request.form.get("note") or None,
        },
    )


def _errors(refusal: Refusal) -> dict[str, str]:
    """What to say beside which field. At the desk nobody was faster: the team asks for more than there is."""
    if refusal.word != "sold_out":
        return order_form.errors(refusal)
    type_id = refusal.detail.get("ticket_type_id")
    return {f"quantity[{type_id}]" if type_id else "form": sentence("fewer_left", refusal.detail)}


def _page(organizer: str, event_id: UUID, form: dict[str, Any], errors: dict[str, str]) -> str:
    found = desk.read(event_id, organizer)
    return render_template(
        "manage/orders/new.html",
        workspace=found.workspace,
        desk=found,
        event=found.event,
        form=form,
        errors={**errors, **({"buyer_name": sentence("required")} if "buyer_name" in errors else {})},
    )
