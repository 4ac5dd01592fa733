"""A team's workspace, at /manage/<organizer>; endpoints are named manage.<resource>.<view>."""

from __future__ import annotations

from flask import Blueprint

from blueprints.pages.manage import (
    api_keys,
    attendees,
    audit,
    codes,
    covers,
    dashboard,
    desk,
    disputes,
    event_cancellations,
    events,
    order,
    orders,
    people,
    publications,
    refunds,
    series,
    settings,
    team,
    ticket_types,
    venues,
    waitlist,
    widgets,
)
from blueprints.pages.manage.rail import rail

RESOURCES: list[Blueprint] = [
    events.bp,
    dashboard.bp,
    publications.bp,
    series.bp,
    event_cancellations.bp,
    covers.bp,
    codes.bp,
    ticket_types.bp,
    orders.bp,
    order.bp,
    refunds.bp,
    venues.bp,
    widgets.bp,
    desk.bp,
    attendees.bp,
    people.bp,
    waitlist.bp,
    disputes.bp,
    settings.bp,
    team.bp,
    api_keys.bp,
    audit.bp,
]


def make_blueprint() -> Blueprint:
    bp = Blueprint("manage", __name__, url_prefix="/manage/<organizer>")
    for resource in RESOURCES:
        bp.register_blueprint(resource)
    bp.app_context_processor(lambda: {"rail": rail})
    return bp
