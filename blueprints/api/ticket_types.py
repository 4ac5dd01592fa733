"""Ticket types of a team's events."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import Field, StrictInt

from blueprints.api.repeats import repeatable
from blueprints.api.team_events import TeamEventDetailOut, shown
from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link
from services import ticket_types
from services.models import Input
from services.models.ticket_types import PricePreview, TeamTicketType, TicketTypeDraft, TicketTypeEdits

bp = APIBlueprint("ticket_types", __name__, tag="Organizing")


class Edit(TicketTypeEdits):
    revision: StrictInt = Field(
        description="The one that was read; an older one is refused with what changed"
    )


class Arrangement(Input):
    ticket_types: Annotated[list[UUID], Field(min_length=1, max_length=20)]


class Question(TicketTypeEdits):
    ticket_type: UUID | None = Field(None, description="The one that would be edited; a new one without")


class TeamTicketTypeOut(TeamTicketType):
    links: Links


@bp.post("/events/<uuid:event_id>/ticket-types")
@signed_in_or_key
@repeatable(bp)
@bp.input(TicketTypeDraft)
@bp.output(TeamTicketTypeOut, status_code=201)
@bp.doc(summary="Add a ticket type to an event", security=["bearer", "api_key"])
def create(event_id: UUID, json_data: TicketTypeDraft) -> Any:
    made = ticket_types.create(event_id, json_data.model_dump(mode="json", exclude_unset=True))
    answer = _shown(made)
    return answer, 201, {"Location": answer.links["self"].href}


@bp.put("/events/<uuid:event_id>/ticket-types")
@signed_in_or_key
@bp.input(Arrangement)
@bp.output(TeamEventDetailOut)
@bp.doc(summary="Put an event's ticket types in order", security=["bearer", "api_key"])
def arrange(event_id: UUID, json_data: Arrangement) -> Any:
    return shown(ticket_types.arrange(event_id, json_data.ticket_types))


@bp.post("/events/<uuid:event_id>/ticket-types/quote")
@signed_in_or_key
@bp.input(Question)
@bp.output(PricePreview)
@bp.doc(
    summary="What a ticket type would cost",
    description="For 1, 3 and 5 seats, now and after its early-bird price. Nothing is changed.",
    security=["bearer", "api_key"],
)
def preview(event_id: UUID, json_data: Question) -> Any:
    edits = json_data.model_dump(mode="json", exclude_unset=True, exclude={"ticket_type"})
    return ticket_types.preview(event_id, json_data.ticket_type, edits)


@bp.get("/ticket-types/<uuid:ticket_type_id>")
@signed_in_or_key
@bp.output(TeamTicketTypeOut)
@bp.doc(summary="Read a ticket type as its team edits it", security=["bearer", "api_key"])
def show(ticket_type_id: UUID) -> Any:
    return _shown(ticket_types.read(ticket_type_id).ticket_type)


@bp.patch("/ticket-types/<uuid:ticket_type_id>")
@signed_in_or_key
@bp.input(Edit)
@bp.output(TeamTicketTypeOut)
@bp.doc(
    summary="Edit a ticket type",
    description="Changes what is named. What was ordered keeps its price.",
    security=["bearer", "api_key"],
)
def update(ticket_type_id: UUID, json_data: Edit) -> Any:
    changes = json_data.model_dump(mode="json", exclude_unset=True, exclude={"revision"})
    return _shown(ticket_types.update(ticket_type_id, json_data.revision, changes))


@bp.delete("/ticket-types/<uuid:ticket_type_id>")
@signed_in_or_key
@bp.output({}, status_code=204)
@bp.doc(summary="Delete a ticket type that nobody ordered", security=["bearer", "api_key"])
def delete(ticket_type_id: UUID) -> ResponseReturnValue:
    ticket_types.delete(ticket_type_id)
    return "", 204


def _shown(type: TeamTicketType) -> TeamTicketTypeOut:
    at = {"ticket_type_id": str(type.id)}
    links = {
        "self": link("api.ticket_types.show", **at),
        "edit": link("api.ticket_types.update", "PATCH", **at),
    }
    if not type.ordered:
        links["delete"] = link("api.ticket_types.delete", "DELETE", **at)
    return TeamTicketTypeOut(**type.model_dump(), links=links)
