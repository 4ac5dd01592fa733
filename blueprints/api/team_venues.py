"""The venues that a team looks after."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.api.venues import TeamVenueOut, shown_to_team
from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link
from services import team_venues
from services.models import Output

bp = APIBlueprint("team_venues", __name__, url_prefix="/organizers/<organizer>/venues", tag="Venues")


class TeamVenuesOut(Output):
    data: list[TeamVenueOut]
    links: Links


@bp.get("")
@signed_in_or_key
@bp.output(TeamVenuesOut)
@bp.doc(
    summary="List the venues that a team looks after",
    description="By city and name. Needs events:read.",
    security=["bearer", "api_key"],
)
def index(organizer: str) -> Any:
    found = team_venues.list_venues(organizer).venues
    links = {
        "self": link("api.team_venues.index", organizer=organizer),
        "create": link("api.venues.create", "POST"),
    }
    return TeamVenuesOut(data=list(map(shown_to_team, found)), links=links)


@bp.get("/<venue>")
@signed_in_or_key
@bp.output(TeamVenueOut)
@bp.doc(
    summary="Read a venue as its team edits it",
    description="With its revision, and what is known of its partner's key. Needs events:read.",
    security=["bearer", "api_key"],
)
def show(organizer: str, venue: str) -> Any:
    return shown_to_team(team_venues.read(organizer, venue).venue)
