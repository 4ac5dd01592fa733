"""The same event at several dates and places, made in one go."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.api.repeats import repeatable
from blueprints.api.team_events import TeamEventsOut, listed
from blueprints.guards import signed_in_or_key
from blueprints.links import link
from services import team_events
from services.models.team_events import SeriesDraft

bp = APIBlueprint("series", __name__, url_prefix="/organizers/<organizer>/series", tag="Organizing")


@bp.post("")
@signed_in_or_key
@repeatable(bp)
@bp.input(SeriesDraft)
@bp.output(TeamEventsOut, status_code=201)
@bp.doc(
    summary="Hold an event again at several dates and places",
    description="Every start at every venue, with the ticket types of the template; 50 at most, all or none.",
    security=["bearer", "api_key"],
)
def create(organizer: str, json_data: SeriesDraft) -> Any:
    venue_ids = [str(venue_id) for venue_id in json_data.venue_ids]
    made = team_events.repeat(
        organizer, json_data.template, json_data.starts, venue_ids, publish=json_data.publish
    )
    links = {"events": link("api.team_events.index", organizer=organizer)}
    return TeamEventsOut(data=[listed(event) for event in made], links=links)
