"""Payments of a team that are contested at the bank."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from services import disputes

bp = Blueprint("disputes", __name__, url_prefix="/disputes")


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    found = disputes.list_disputes(organizer)
    return render_template("manage/disputes/index.html", workspace=found.workspace, disputes=found.disputes)
