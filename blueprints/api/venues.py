"""Places where events happen."""

from __future__ import annotations

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import Field, StrictInt, StringConstraints

from blueprints.api.paging import Paging
from blueprints.api.repeats import repeatable
from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link, next_link
from services import team_venues, venues
from services.models import Output
from services.models.team_venues import TeamVenue, VenueDraft, VenueEdits, VenueEvent
from services.models.venues import Venue

bp = APIBlueprint("venues", __name__, url_prefix="/venues", tag="Venues")


class VenueSearch(Paging):
    city: Annotated[str, StringConstraints(max_length=80)] | None = None


class NewVenue(VenueDraft):
    organizer: Annotated[str, StringConstraints(max_length=60)] = Field(
        description="The slug of the team that looks after it"
    )


class VenueEdit(VenueEdits):
    revision: StrictInt = Field(
        description="The one that was read; an older one is refused with what changed"
    )


class VenueOut(Venue):
    links: Links


class VenuesOut(Output):
    data: list[VenueOut]
    links: Links


class TeamVenueOut(TeamVenue):
    links: Links


class VenueKeyOut(Output):
    key: str = Field(description="For X-Api-Key. Shown this once", examples=["vk_…"])
    links: Links


class VenueEventOut(VenueEvent):
    links: Links


class VenueEventsOut(Output):
    data: list[VenueEventOut]
    links: Links


@bp.get("")
@bp.input(VenueSearch, location="query")
@bp.output(VenuesOut)
@bp.doc(summary="List venues")
def index(query_data: VenueSearch) -> Any:
    page = venues.list_venues(query_data.city, query_data.limit, query_data.cursor)
    return VenuesOut(data=list(map(_shown, page.venues)), links=next_link("api.venues.index", page.next))


@bp.get("/<slug>")
@bp.output(VenueOut)
@bp.doc(summary="Read a venue, by id or slug")
def show(slug: str) -> Any:
    return _shown(venues.read_venue(slug))


@bp.post("")
@signed_in_or_key
@repeatable(bp)
@bp.input(NewVenue)
@bp.output(TeamVenueOut, status_code=201)
@bp.doc(
    summary="Make a venue",
    description="`errors` names everything that is wrong at once. Needs events:write.",
    security=["bearer", "api_key"],
)
def create(json_data: NewVenue) -> Any:
    facts = json_data.model_dump(exclude_unset=True, exclude={"organizer"})
    answer = shown_to_team(team_venues.create(json_data.organizer, facts))
    return answer, 201, {"Location": answer.links["self"].href}


@bp.patch("/<slug>")
@signed_in_or_key
@bp.input(VenueEdit)
@bp.output(TeamVenueOut)
@bp.doc(
    summary="Change a venue",
    description="Changes what is named. Events keep the places they have: fewer than that are refused. "
    "Needs events:write.",
    security=["bearer", "api_key"],
)
def update(slug: str, json_data: VenueEdit) -> Any:
    changes = json_data.model_dump(exclude_unset=True, exclude={"revision"})
    return shown_to_team(team_venues.update(slug, json_data.revision, changes))


@bp.get("/<slug>/events")
@signed_in_or_key
@bp.input(Paging, location="query")
@bp.output(VenueEventsOut)
@bp.doc(
    summary="What happens at a venue",
    description="Soonest first, whoever organizes it: for the venue's partner with its key, or for the team "
    "that looks after it.",
    security=["bearer", "api_key"],
)
def events(slug: str, query_data: Paging) -> Any:
    page = team_venues.list_events(slug, query_data.limit, query_data.cursor)
    return VenueEventsOut(
        data=[
            VenueEventOut(**event.model_dump(), links={"event": link("api.events.show", slug=event.slug)})
            for event in page.events
        ],
        links=next_link("api.venues.events", page.next, slug=slug),
    )


@bp.post("/<slug>/key")
@signed_in_or_key
@bp.output(VenueKeyOut, status_code=201)
@bp.doc(
    summary="Make the key of a venue's partner",
    description="One made before opens nothing from now on. Needs events:write.",
    security=["bearer", "api_key"],
)
def make_key(slug: str) -> Any:
    made = team_venues.make_key(slug)
    return VenueKeyOut(key=made.key, links=shown_to_team(made.venue).links)


@bp.delete("/<slug>/key")
@signed_in_or_key
@bp.output({}, status_code=204)
@bp.doc(
    summary="End the key of a venue's partner",
    description="Needs events:write.",
    security=["bearer", "api_key"],
)
def end_key(slug: str) -> ResponseReturnValue:
    team_venues.end_key(slug)
    return "", 204


def _shown(venue: Venue) -> VenueOut:
    return VenueOut(**venue.model_dump(), links={"self": link("api.venues.show", slug=venue.slug)})


def shown_to_team(venue: TeamVenue) -> TeamVenueOut:
    """A venue with the links of the team that looks after it."""
    at = {"slug": venue.slug}
    links = {
        "self": link("api.venues.show", **at),
        "team": link("api.team_venues.show", organizer=venue.organizer, venue=venue.slug),
        "edit": link("api.venues.update", "PATCH", **at),
        "events": link("api.venues.events", **at),
        "key": link("api.venues.make_key", "POST", **at),
    }
    if venue.key:
        links["end_key"] = link("api.venues.end_key", "DELETE", **at)
    return TeamVenueOut(**venue.model_dump(), links=links)
