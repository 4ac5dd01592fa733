"""Who comes to a team's events."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link, next_link
from blueprints.tables import attendee_table
from services import attendees
from services.models import Output
from services.models.attendees import PeopleSearch, Seated, SeatedSomewhere

bp = APIBlueprint("attendees", __name__, tag="Organizing")


class SeatedOut(Seated):
    links: Links


class SeatedSomewhereOut(SeatedSomewhere):
    links: Links


class AttendeesOut(Output):
    coming: int
    data: list[SeatedOut]
    links: Links


class PeopleOut(Output):
    data: list[SeatedSomewhereOut]
    links: Links


@bp.get("/events/<uuid:event_id>/attendees")
@signed_in_or_key
@bp.input(PeopleSearch, location="query")
@bp.output(AttendeesOut)
@bp.doc(
    summary="List who comes to an event",
    description="By name. Needs attendees:read; tickets:scan sees names alone, on the day of the event.",
    security=["bearer", "api_key"],
)
def index(event_id: UUID, query_data: PeopleSearch) -> Any:
    page = attendees.list_attendees(event_id, query_data)
    return AttendeesOut(
        coming=page.coming,
        data=[
            SeatedOut(**seated.model_dump(), links=_links(page.workspace.organizer.slug, seated))
            for seated in page.attendees
        ],
        links=next_link("api.attendees.index", page.next, event_id=str(event_id)),
    )


@bp.get("/events/<uuid:event_id>/attendees.csv")
@signed_in_or_key
@bp.doc(
    summary="Take the list of an event along",
    description="UTF-8 with a byte order mark; what would be a formula begins with an apostrophe."
    " Needs attendees:read and exports:read.",
    security=["bearer", "api_key"],
    responses={
        200: {
            "description": "Everyone who comes, by name",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        }
    },  # type: ignore[arg-type]  # APIFlask's type leaves out whole responses under a number
)
def export(event_id: UUID) -> ResponseReturnValue:
    return attendee_table(event_id)


@bp.get("/organizers/<organizer>/attendees")
@signed_in_or_key
@bp.input(PeopleSearch, location="query")
@bp.output(PeopleOut)
@bp.doc(
    summary="Search everyone who comes to any event of a team",
    description="Those of the latest orders first. Needs attendees:read.",
    security=["bearer", "api_key"],
)
def people(organizer: str, query_data: PeopleSearch) -> Any:
    page = attendees.list_people(organizer, query_data)
    return PeopleOut(
        data=[
            SeatedSomewhereOut(**seated.model_dump(), links=_links(organizer, seated))
            for seated in page.people
        ],
        links=next_link("api.attendees.people", page.next, organizer=organizer),
    )


def _links(organizer: str, seated: Seated) -> Any:
    return {"order": link("api.team_orders.show", organizer=organizer, reference=seated.order_reference)}
