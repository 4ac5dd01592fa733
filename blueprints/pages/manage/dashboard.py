"""An event in numbers, moving as seats are sold."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from services import dashboards
from web import charts

bp = Blueprint("dashboard", __name__, url_prefix="/events/<uuid:event_id>")


@bp.get("")
@signed_in
def show(organizer: str, event_id: UUID) -> ResponseReturnValue:
    found = dashboards.read(event_id, organizer)
    return render_template(
        "manage/dashboard/show.html",
        workspace=found.workspace,
        numbers=found,
        event=found.event,
        chart=charts.bars([point.seats for point in found.sales.points]),
    )
