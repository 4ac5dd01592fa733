"""How a team presents itself to everyone."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services import organizers
from web.limits import event_read_limit
from web.public_cache import public

bp = Blueprint("organizers", __name__, url_prefix="/organizers")


@bp.get("/<slug>")
@event_read_limit
@public
def show(slug: str) -> ResponseReturnValue:
    page = organizers.read_public(slug, request.args.get("cursor"))
    return render_template("organizers/show.html", page=page, organizer=page.organizer)
