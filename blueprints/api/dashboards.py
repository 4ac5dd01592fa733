"""A team's event in numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link
from services import dashboards
from services.models.dashboards import Numbers

bp = APIBlueprint("dashboards", __name__, tag="Organizing")


class NumbersOut(Numbers):
    links: Links


@bp.get("/events/<uuid:event_id>/numbers")
@signed_in_or_key
@bp.output(NumbersOut)
@bp.doc(
    summary="An event in numbers",
    description="Sold, left, money, sales over time, counted afresh. Needs events:read; money also"
    " statistics:read, orders and the line also orders:read.",
    security=["bearer", "api_key"],
)
def show(event_id: UUID) -> Any:
    found = dashboards.read(event_id)
    links = {
        "self": link("api.dashboards.show", event_id=str(event_id)),
        "event": link("api.events.show", slug=str(event_id)),
        "attendees": link("api.attendees.index", event_id=str(event_id)),
        "waitlist": link("api.waitlist.of_event", event_id=str(event_id)),
    }
    return NumbersOut(**found.model_dump(exclude={"workspace"}), links=links)
