"""A team's own events, drafts included."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.guards import signed_in_or_key
from blueprints.links import Link, Links, link, next_link
from services import team_events
from services.models import Output
from services.models.team_events import TeamEvent, TeamEventSearch

bp = APIBlueprint("team_events", __name__, url_prefix="/organizers/<organizer>/events", tag="Organizing")


class TeamEventOut(TeamEvent):
    links: Links


class TeamEventsOut(Output):
    data: list[TeamEventOut]
    links: Links


@bp.get("")
@signed_in_or_key
@bp.input(TeamEventSearch, location="query")
@bp.output(TeamEventsOut)
@bp.doc(
    summary="List a team's events",
    description="Drafts and events to come, soonest first; past ones, if asked for, latest first.",
    security=["bearer", "api_key"],
)
def index(organizer: str, query_data: TeamEventSearch) -> Any:
    page = team_events.list_events(organizer, query_data)
    return TeamEventsOut(
        data=[TeamEventOut(**event.model_dump(), links=_links(event)) for event in page.events],
        links=next_link("api.team_events.index", page.next, organizer=organizer),
    )


def _links(event: TeamEvent) -> dict[str, Link]:
    links = {
        "self": link("api.events.show", slug=str(event.id)),
        "page": link("events.show", slug=event.slug),
    }
    if event.stage != "past":
        links["cancellation"] = link("api.events.cancel", "POST", event_id=str(event.id))
    return links
