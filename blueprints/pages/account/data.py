"""What we hold about a person: to take away, and to erase."""

from __future__ import annotations

import json

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import me, signed_in
from blueprints.pages.account import bp
from services import accounts
from services.refusals import Refusal
from web import sessions as browser
from web.limits import sign_in_limit


@bp.get("/account/export")
@signed_in
def export() -> ResponseReturnValue:
    document = json.dumps(accounts.export_me(), indent=2, ensure_ascii=False)
    headers = {"Content-Disposition": 'attachment; filename="guichet.json"', "Cache-Control": "no-store"}
    return Response(document, mimetype="application/json", headers=headers)


@bp.get("/account/erasure")
@signed_in
def erasure() -> ResponseReturnValue:
    return render_template("account/erasure.html", errors={})


@bp.post("/account/erasure")
@signed_in
@sign_in_limit
def erase() -> ResponseReturnValue:
    """Erase everything, once the password was typed again."""
    person = me()
    try:
        accounts.sign_in(str(person and person["email"]), request.form.get("password", ""))
        accounts.erase_me()
    except Refusal as refusal:
        if refusal.word == "invalid_credentials":
            refusal = Refusal("password_wrong", 422)
        return render_template("account/erasure.html", errors=sentences_by_field(refusal)), refusal.status
    browser.end()
    session.clear()
    flash(_("Your account and your data are erased."))
    return redirect(url_for("events.index"), 303)
