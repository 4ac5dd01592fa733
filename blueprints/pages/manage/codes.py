"""A team's promotion codes: listed, made, ended."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages.manage.event_form import Form
from services import codes
from services.refusals import Refusal
from web.amounts import cents

bp = Blueprint("codes", __name__, url_prefix="/promotion-codes")

NAMES = (
    "code", "percent", "amount", "currency", "event_id",
    "starts_at", "ends_at", "max_uses", "max_uses_per_person",
)  # fmt: skip


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    desk = codes.list_codes(organizer)
    return render_template("manage/codes/index.html", workspace=desk.workspace, desk=desk)


@bp.get("/new")
@signed_in
def new(organizer: str) -> ResponseReturnValue:
    return _form_page(organizer, None, {})


@signed_in
def _stale_page(organizer: str) -> str:
    return _form_page(organizer, _typed(request.form), _errors(STALE))


@bp.post("")
@signed_in
@drawn_again(_stale_page)
def create(organizer: str) -> ResponseReturnValue:
    form = _typed(request.form)
    amount = cents(form["amount"], form["currency"]) if form["amount"] else None
    facts = {name: form[name] for name in NAMES if name != "amount"} | {"amount_cents": amount}
    try:
        made = codes.create(organizer, facts)
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _form_page(organizer, form, _errors(refusal)), refusal.status
    flash(_("%(code)s counts from now on.", code=made.code), "good")
    return redirect(url_for("manage.codes.index", organizer=organizer), 303)


@bp.post("/<code>/end")
@signed_in
def end(organizer: str, code: str) -> ResponseReturnValue:
    ended = codes.end(organizer, code)
    flash(_("%(code)s has ended. What was ordered with it stays.", code=ended.code), "good")
    return redirect(url_for("manage.codes.index", organizer=organizer), 303)


def _typed(fields: Mapping[str, str]) -> Form:
    return {name: fields.get(name, "").strip() for name in NAMES}


def _errors(refusal: Refusal) -> dict[str, str]:
    if refusal.word == "code_taken":
        return {"code": refusal.sentence}
    errors = sentences_by_field(refusal)
    return {"amount" if field == "amount_cents" else field: told for field, told in errors.items()}


def _form_page(organizer: str, form: Form | None, errors: dict[str, str]) -> str:
    desk = codes.list_codes(organizer)
    if not desk.workspace.may("events:write"):
        raise Refusal("not_permitted", 403)
    return render_template(
        "manage/codes/new.html",
        workspace=desk.workspace,
        desk=desk,
        form=form or _typed({"currency": desk.currency}),
        errors=errors,
    )
