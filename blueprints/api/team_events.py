"""A team's own events, drafts included."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from blueprints.guards import signed_in_or_key
from blueprints.links import Link, Links, link, next_link
from services import team_events
from services.models import Output
from services.models.team_events import TeamEvent, TeamEventDetail, TeamEventSearch
from services.refusals import Refusal

bp = APIBlueprint("team_events", __name__, url_prefix="/organizers/<organizer>/events", tag="Organizing")


class TeamEventOut(TeamEvent):
    links: Links


class TeamEventsOut(Output):
    data: list[TeamEventOut]
    links: Links


class TeamEventDetailOut(TeamEventDetail):
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
        data=[listed(event) for event in page.events],
        links=next_link("api.team_events.index", page.next, organizer=organizer),
    )


@bp.get("/<uuid:event_id>")
@signed_in_or_key
@bp.output(TeamEventDetailOut)
@bp.doc(
    summary="Read an event as its team edits it",
    description="With its ticket types, its revision, and what can be done with it now.",
    security=["bearer", "api_key"],
)
def show(organizer: str, event_id: UUID) -> Any:
    event = team_events.read(event_id).event
    if event.organizer != organizer:
        raise Refusal("not_found", 404)
    return shown(event)


def listed(event: TeamEvent) -> TeamEventOut:
    """An event of a list with its links."""
    return TeamEventOut(**event.model_dump(), links=_links(event))


def shown(event: TeamEventDetail) -> TeamEventDetailOut:
    """An event with the links to what its team can do with it now."""
    at = {"event_id": str(event.id)}
    possible = {
        "edit": link("api.keeping.update", "PATCH", **at),
        "publish": link("api.keeping.publish", "POST", **at),
        "unpublish": link("api.keeping.unpublish", "DELETE", **at),
        "delete": link("api.keeping.delete", "DELETE", **at),
        "copy": link("api.keeping.copy", "POST", **at),
        "cancel": link("api.events.cancel", "POST", **at),
        "list_attendees": link("api.attendees.index", **at),
    }
    links = {word: there for word, there in possible.items() if word in event.can}
    return TeamEventDetailOut(**event.model_dump(), links=_links(event) | links)


def _links(event: TeamEvent) -> dict[str, Link]:
    return {
        "self": link("api.team_events.show", organizer=event.organizer, event_id=str(event.id)),
        "page": link("events.show", slug=event.slug),
    }
