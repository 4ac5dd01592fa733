"""What a page's scripts may know of the session."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from services import caller

bp = Blueprint("session", __name__)


@bp.get("/session/realtime")
@signed_in
def realtime() -> ResponseReturnValue:
    """The access token alone, for private channels; same origin only, as no CORS header is sent here."""
    return {"access_token": caller.current().access_token}, {"Cache-Control": "no-store"}
