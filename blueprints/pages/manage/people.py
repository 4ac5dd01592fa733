"""Everyone who comes to any event of a team."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from blueprints.pages.filters import filters
from services import attendees
from services.models.attendees import PeopleSearch

bp = Blueprint("people", __name__, url_prefix="/attendees")


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    search = filters(PeopleSearch)
    page = attendees.list_people(organizer, search)
    return render_template("manage/people/index.html", workspace=page.workspace, page=page, filters=search)
