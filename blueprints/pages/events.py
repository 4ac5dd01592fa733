"""The catalogue: what's on, one event, its seats and prices."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.errors import sentences_by_field
from blueprints.pages import order_form
from blueprints.pages.filters import filters
from services import events
from services.models.events import EventSearch
from services.refusals import Refusal, sentence
from web.drawing import draw
from web.limits import event_read_limit
from web.public_cache import public

bp = Blueprint("events", __name__)

# Filters that mean nothing without each other: where one is wrong, all are left out.
TOGETHER = ({"near", "radius_km"}, {"days", "first_day", "last_day"})


@bp.get("/")
@event_read_limit
@public
def index() -> ResponseReturnValue:
    asked, errors = _search(), {}
    search = asked
    try:
        page = events.list_events(search)
    except Refusal as refusal:
        if refusal.word != "invalid_input":
            raise
        errors = sentences_by_field(refusal)
        wrong = [name for names in TOGETHER if names & errors.keys() for name in names]
        search = asked.model_copy(update=dict.fromkeys(wrong))
        page = events.list_events(search)
    body = render_template("events/index.html", page=page, asked=asked, filters=search, errors=errors)
    return body, 422 if errors else 200


@bp.get("/events/<slug>")
@event_read_limit
@public
def show(slug: str) -> ResponseReturnValue:
    code = order_form.code_of(request.args)
    event = events.read_event(slug, code).as_on_sale()
    errors = {"code": sentence(event.code_refusal)} if event.code_refusal else {}
    form = {"quantities": order_form.readable_quantities(request.args)}
    return draw("events/show.html", event=event, code=code, form=form, errors=errors)


@bp.get("/events/<uuid:event_id>/availability")
@event_read_limit
@public
def availability(event_id: UUID) -> ResponseReturnValue:
    return jsonify(events.read_availability(event_id).model_dump(mode="json"))


@bp.get("/events/<uuid:event_id>/quote")
@event_read_limit
def quote(event_id: UUID) -> ResponseReturnValue:
    answer = events.quote(event_id, order_form.quantities(request.args), order_form.code_of(request.args))
    return jsonify(answer.model_dump(mode="json"))


def _search() -> EventSearch:
    """What is asked for: a chosen city takes the place of one's own, a distance from nowhere is none,
    and dates count once they are what is chosen."""
    search = filters(EventSearch)
    if search.days != "dates":
        search = search.model_copy(update={"first_day": None, "last_day": None})
    if search.city:
        return search.model_copy(update={"near": None})
    return search if search.near else search.model_copy(update={"radius_km": None})
