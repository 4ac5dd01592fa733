"""JSON, by resource, version 1."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import abort, current_app, request

from blueprints.api import (
    api_keys,
    approvals,
    attendees,
    audit,
    auth,
    cancellations,
    codes,
    dashboards,
    desk,
    disputes,
    events,
    invitations,
    keeping,
    languages,
    me,
    meetups,
    members,
    order_care,
    orders,
    organizers,
    series,
    team_events,
    team_orders,
    team_venues,
    ticket_types,
    venues,
    waitlist,
)

RESOURCES: list[APIBlueprint] = [
    auth.bp,
    me.bp,
    organizers.bp,
    members.bp,
    invitations.bp,
    api_keys.bp,
    languages.bp,
    venues.bp,
    team_venues.bp,
    events.bp,
    team_events.bp,
    keeping.bp,
    series.bp,
    ticket_types.bp,
    meetups.bp,
    orders.bp,
    team_orders.bp,
    order_care.bp,
    desk.bp,
    attendees.bp,
    dashboards.bp,
    cancellations.bp,
    codes.bp,
    disputes.bp,
    audit.bp,
    approvals.bp,
    waitlist.bp,
]


def make_blueprint() -> APIBlueprint:
    """All resources under /api/v1; endpoints are named api.<resource>.<view>."""
    bp = APIBlueprint("api", __name__, url_prefix="/api/v1")
    bp.before_request(_refuse_other_bodies)
    for resource in RESOURCES:
        bp.register_blueprint(resource)
    return bp


def _refuse_other_bodies() -> None:
    """Bodies are JSON, but for pictures."""
    view = current_app.view_functions[request.endpoint or ""]
    if request.content_length and not request.is_json and not hasattr(view, "body_limit"):
        abort(415)
