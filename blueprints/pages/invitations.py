"""The page a link in a mail opens: who asks whom to join which team."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import signed_in
from services import invitations
from services.refusals import Refusal

bp = Blueprint("invitations", __name__, url_prefix="/invitations/<secret>")


@bp.get("")
def show(secret: str) -> ResponseReturnValue:
    page = render_template("invitations/show.html", invitation=invitations.read(secret), secret=secret)
    return page, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@bp.post("/acceptance")
@signed_in
def accept(secret: str) -> ResponseReturnValue:
    try:
        workspace = invitations.accept(secret)
    except Refusal as refusal:
        if refusal.status in {401, 404}:
            raise
        flash(refusal.sentence, "bad")
        return redirect(url_for("invitations.show", secret=secret), 303)
    flash(_("Welcome to %(team)s.", team=workspace.organizer.name), "good")
    return redirect(url_for("workspaces.show", organizer=workspace.organizer.slug), 303)
