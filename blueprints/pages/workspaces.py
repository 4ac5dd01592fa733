"""The way into one's teams' workspaces."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from services import workspaces

bp = Blueprint("workspaces", __name__)


@bp.get("/manage")
@signed_in
def index() -> ResponseReturnValue:
    """All teams of whoever is signed in; who has just one goes straight there."""
    return render_template("manage/index.html", teams=workspaces.list_workspaces())


@bp.get("/manage/<organizer>")
@signed_in
def show(organizer: str) -> ResponseReturnValue:
    return redirect(url_for("manage.events.index", organizer=organizer))
