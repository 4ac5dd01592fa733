"""Waiting in line for seats."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from blueprints.api.repeats import repeatable
from blueprints.guards import signed_in, signed_in_or_key
from blueprints.links import Links, link
from services import waitlist
from services.models import Output
from services.models.waitlist import WaitingParty, WaitlistDraft, WaitlistEntry

bp = APIBlueprint("waitlist", __name__, tag="Waiting list")


class WaitlistEntryOut(WaitlistEntry):
    links: Links


class WaitlistOut(Output):
    data: list[WaitlistEntryOut]
    links: Links


class LineOut(Output):
    data: list[WaitingParty]
    links: Links


@bp.post("/events/<uuid:event_id>/waitlist")
@signed_in
@repeatable(bp)
@bp.input(WaitlistDraft)
@bp.output(WaitlistEntryOut, status_code=201)
@bp.doc(summary="Join the line", description="When fewer seats are left than one wants.", security="bearer")
def join(event_id: UUID, json_data: WaitlistDraft) -> Any:
    return _shown(waitlist.join(event_id, json_data))


@bp.get("/events/<uuid:event_id>/waitlist")
@signed_in_or_key
@bp.output(LineOut)
@bp.doc(
    summary="The line of a team's event",
    description="First in line first. Needs orders:read.",
    security=["bearer", "api_key"],
)
def of_event(event_id: UUID) -> Any:
    links = {"self": link("api.waitlist.of_event", event_id=str(event_id))}
    return LineOut(data=waitlist.list_of_event(event_id).entries, links=links)


@bp.get("/me/waitlist")
@signed_in
@bp.output(WaitlistOut)
@bp.doc(summary="One's own places in line", security="bearer")
def index() -> Any:
    return WaitlistOut(
        data=list(map(_shown, waitlist.list_own())), links={"self": link("api.waitlist.index")}
    )


@bp.delete("/waitlist/<uuid:entry_id>")
@signed_in
@bp.output({}, status_code=204)
@bp.doc(summary="Leave the line, or decline its offer", security="bearer")
def leave(entry_id: UUID) -> ResponseReturnValue:
    waitlist.leave(entry_id)
    return "", 204


def _shown(entry: WaitlistEntry) -> WaitlistEntryOut:
    links = {"event": link("api.events.show", slug=entry.event.slug)}
    if entry.order_reference:
        links["order"] = link("api.orders.show", reference=entry.order_reference)
    if entry.status in {"waiting", "offered"}:
        links["leave"] = link("api.waitlist.leave", "DELETE", entry_id=str(entry.id))
    return WaitlistEntryOut(**entry.model_dump(), links=links)
