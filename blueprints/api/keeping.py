"""Events made, edited, published, withdrawn and deleted by their team."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue
from pydantic import Field, StrictInt, StringConstraints

from blueprints.api.bodies import PICTURES
from blueprints.api.repeats import repeatable
from blueprints.api.team_events import TeamEventDetailOut, shown
from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link
from services import team_events
from services.models.team_events import Consequences, EventDraft, EventEdits
from services.refusals import Refusal
from web.limits import takes_pictures

bp = APIBlueprint("keeping", __name__, url_prefix="/events", tag="Organizing")


class NewEvent(EventDraft):
    organizer: Annotated[str, StringConstraints(max_length=60)] = Field(description="The slug of the team")
    publish: bool = Field(False, description="Put it on show at once")


class Edit(EventEdits):
    revision: StrictInt = Field(
        description="The one that was read; an older one is refused with what changed"
    )


class CallingOffOut(Consequences):
    links: Links


@bp.post("")
@signed_in_or_key
@repeatable(bp)
@bp.input(NewEvent)
@bp.output(TeamEventDetailOut, status_code=201)
@bp.doc(
    summary="Make an event",
    description="A draft, unless `publish` says otherwise. `errors` names everything that is wrong at once.",
    security=["bearer", "api_key"],
)
def create(json_data: NewEvent) -> Any:
    facts = json_data.model_dump(mode="json", exclude_unset=True, exclude={"organizer", "publish"})
    event = team_events.create(json_data.organizer, facts, publish=json_data.publish)
    answer = shown(event)
    return answer, 201, {"Location": answer.links["self"].href}


@bp.patch("/<uuid:event_id>")
@signed_in_or_key
@bp.input(Edit)
@bp.output(TeamEventDetailOut)
@bp.doc(
    summary="Edit an event",
    description="Changes what is named. Everyone with a seat is told of another time or place.",
    security=["bearer", "api_key"],
)
def update(event_id: UUID, json_data: Edit) -> Any:
    changes = json_data.model_dump(mode="json", exclude_unset=True, exclude={"revision"})
    return shown(team_events.update(event_id, json_data.revision, changes))


@bp.delete("/<uuid:event_id>")
@signed_in_or_key
@bp.output({}, status_code=204)
@bp.doc(summary="Delete a draft that nobody ordered", security=["bearer", "api_key"])
def delete(event_id: UUID) -> ResponseReturnValue:
    team_events.delete(event_id)
    return "", 204


@bp.post("/<uuid:event_id>/publication")
@signed_in_or_key
@bp.output(TeamEventDetailOut)
@bp.doc(summary="Put a draft on show", security=["bearer", "api_key"])
def publish(event_id: UUID) -> Any:
    return shown(team_events.publish(event_id))


@bp.delete("/<uuid:event_id>/publication")
@signed_in_or_key
@bp.output(TeamEventDetailOut)
@bp.doc(
    summary="Make a draft of an event again",
    description="Only while nobody has seats at it.",
    security=["bearer", "api_key"],
)
def unpublish(event_id: UUID) -> Any:
    return shown(team_events.unpublish(event_id))


@bp.post("/<uuid:event_id>/copies")
@signed_in_or_key
@repeatable(bp)
@bp.output(TeamEventDetailOut, status_code=201)
@bp.doc(
    summary="Copy an event",
    description="A draft with the same ticket types, a week later or in the coming week.",
    security=["bearer", "api_key"],
)
def copy(event_id: UUID) -> Any:
    answer = shown(team_events.copy(event_id))
    return answer, 201, {"Location": answer.links["self"].href}


@bp.get("/<uuid:event_id>/cancellation")
@signed_in_or_key
@bp.output(CallingOffOut)
@bp.doc(
    summary="What calling an event off would do",
    description="How many seats and orders it ends, and how much goes back.",
    security=["bearer", "api_key"],
)
def quote_cancellation(event_id: UUID) -> Any:
    quote = team_events.quote_cancellation(event_id)
    links = {"cancel": link("api.events.cancel", "POST", event_id=str(event_id))}
    return CallingOffOut(**quote.model_dump(exclude={"event", "workspace"}), links=links)


@bp.put("/<uuid:event_id>/cover")
@signed_in_or_key
@takes_pictures
@bp.output(TeamEventDetailOut)
@bp.doc(
    summary="Set an event's picture",
    description="The body is the picture: PNG, JPEG, WebP or GIF, 5 MiB at most; it is drawn anew.",
    security=["bearer", "api_key"],
)
def set_cover(event_id: UUID) -> Any:
    if request.mimetype not in PICTURES:
        raise Refusal("unsupported_media_type", 415)
    return shown(team_events.set_cover(event_id, request.get_data()))


@bp.delete("/<uuid:event_id>/cover")
@signed_in_or_key
@bp.output(TeamEventDetailOut)
@bp.doc(summary="Remove an event's picture", security=["bearer", "api_key"])
def remove_cover(event_id: UUID) -> Any:
    return shown(team_events.remove_cover(event_id))
