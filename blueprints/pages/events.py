"""The catalogue: what's on, one event, its seats and prices."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.pages import order_form
from blueprints.pages.filters import filters
from services import events
from services.models.events import EventSearch
from web.drawing import draw
from web.limits import event_read_limit
from web.public_cache import public

bp = Blueprint("events", __name__)


@bp.get("/")
@event_read_limit
@public
def index() -> ResponseReturnValue:
    search = filters(EventSearch)
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
