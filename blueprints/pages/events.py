"""The catalogue: what's on, one event, its seats and prices."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from blueprints.pages import order_form
from services import events
from services.models.events import EventSearch
from services.refusals import Refusal
from web.drawing import draw
from web.limits import event_read_limit
from web.public_cache import public

bp = Blueprint("events", __name__)


@bp.get("/")
@event_read_limit
@public
def index() -> ResponseReturnValue:
    search = _search()
    return render_template("events/index.html", page=events.list_events(search), filters=search)


@bp.get("/events/<slug>")
@event_read_limit
@public
def show(slug: str) -> ResponseReturnValue:
    return draw("events/show.html", event=events.read_event(slug), form={}, errors={})


@bp.get("/events/<uuid:event_id>/availability")
@event_read_limit
@public
def availability(event_id: UUID) -> ResponseReturnValue:
    return jsonify(events.read_availability(event_id).model_dump(mode="json"))


@bp.get("/events/<uuid:event_id>/quote")
@event_read_limit
def quote(event_id: UUID) -> ResponseReturnValue:
    return jsonify(events.quote(event_id, order_form.quantities(request.args)).model_dump(mode="json"))


def _search() -> EventSearch:
    """The filters of the address; those that are empty or impossible are left out, as a reader would."""
    wanted = {name: value for name, value in request.args.items() if value.strip() and name in _FILTERS}
    try:
        return EventSearch.model_validate(wanted)
    except ValidationError as error:
        wrong = {str(complaint["loc"][0]) for complaint in error.errors()}
        if "cursor" in wrong:
            raise Refusal("cursor_invalid", 422) from error
        return EventSearch.model_validate(
            {name: value for name, value in wanted.items() if name not in wrong}
        )


_FILTERS = {"q", "language", "city", "from", "to", "organizer", "cursor"}
