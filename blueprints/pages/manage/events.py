"""The list of a team's events."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from blueprints.pages.filters import filters
from services import team_events
from services.models.team_events import TeamEventSearch

bp = Blueprint("events", __name__, url_prefix="/events")


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    search = filters(TeamEventSearch)
    page = team_events.list_events(organizer, search)
    return render_template("manage/events/index.html", workspace=page.workspace, page=page, filters=search)
