"""Keys of a team's programs: made and shown once, listed, revoked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms
from services import api_keys
from services.models.api_keys import KeyDraft, NewApiKey
from services.refusals import Refusal

bp = Blueprint("api_keys", __name__, url_prefix="/api-keys")
# What no function asks for yet; and what every key may do, so that nobody has to tick it.
NOT_OFFERED = {
    "plan:write", "payouts:read", "products:write", "messages:write", "invoices:read", "invoices:write",
    "organizer:read",
}  # fmt: skip
MOST = 100  # permissions that a form may tick; there are fewer


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    return _page(organizer, {"permissions": ["events:read"]})


@signed_in
def _stale_page(organizer: str) -> str:
    return _page(organizer, _typed(), sentences_by_field(STALE))


@bp.post("")
@signed_in
@drawn_again(_stale_page)
def create(organizer: str) -> ResponseReturnValue:
    form = _typed()
    try:
        made = api_keys.create(organizer, forms.read(KeyDraft, form))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        return _page(organizer, form, sentences_by_field(refusal)), refusal.status
    # No redirect: the key is on this page and nowhere else.
    return _page(organizer, {"permissions": []}, made=made), 201, {"Cache-Control": "no-store"}


@bp.post("/<uuid:key_id>/revocation")
@signed_in
def revoke(organizer: str, key_id: UUID) -> ResponseReturnValue:
    try:
        revoked = api_keys.revoke(organizer, str(key_id))
    except Refusal as refusal:
        if refusal.word != "not_found":
            raise
        flash(_("This key is revoked already."))
    else:
        flash(
            _("%(name)s is revoked. Programs that use it are refused from now on.", name=revoked.name), "good"
        )
    return redirect(url_for("manage.api_keys.index", organizer=organizer), 303)


def _typed() -> dict[str, Any]:
    ticked = [each[:80] for each in request.form.getlist("permissions")[:MOST]]
    return {"name": request.form.get("name", ""), "permissions": ticked}


def _page(
    organizer: str, form: Any, errors: dict[str, str] | None = None, made: NewApiKey | None = None
) -> str:
    found = api_keys.list_keys(organizer)
    return render_template(
        "manage/api_keys/index.html",
        workspace=found.workspace,
        keys=found.keys,
        offered=[each for each in found.workspace.permissions if each not in NOT_OFFERED],
        form=form,
        errors=errors or {},
        made=made,
    )
