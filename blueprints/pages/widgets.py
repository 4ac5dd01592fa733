"""An event's tickets on other people's sites: a script that puts a frame there, and what the frame shows.

The frame knows nobody, so cookies do not matter in it; its button leads to the event's own page at top level.
"""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from services import events
from services.refusals import Refusal
from web.headers import framable
from web.languages import speak
from web.limits import event_read_limit
from web.public_cache import public

bp = Blueprint("widgets", __name__)

AN_HOUR = 3600


@bp.get("/widget.js")
def script() -> Response:
    """Its address never changes, because other sites name it."""
    folder = current_app.static_folder or "static"
    return send_from_directory(folder, "js/widget.js", mimetype="text/javascript", max_age=AN_HOUR)


@bp.get("/widgets/<slug>")
@framable
@event_read_limit
@public
def show(slug: str) -> ResponseReturnValue:
    speak(request.args.get("language"))
    try:
        event = events.read_event(slug)
    except Refusal as refusal:
        if refusal.status != 404:
            raise
        return render_template("widgets/gone.html"), 404
    return render_template("widgets/show.html", event=event)
