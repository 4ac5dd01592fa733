"""Meetups: small events that anyone who is signed in may hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from blueprints.api.orders import OrderOut, shown
from blueprints.api.repeats import repeatable
from blueprints.guards import signed_in
from blueprints.links import Links, link
from services import meetups
from services.models.meetups import Meetup, MeetupDraft

bp = APIBlueprint("meetups", __name__, url_prefix="/meetups", tag="Meetups")


class MeetupOut(Meetup):
    links: Links


@bp.post("")
@signed_in
@repeatable(bp)
@bp.input(MeetupDraft)
@bp.output(MeetupOut, status_code=201)
@bp.doc(
    summary="Hold a meetup",
    description="A draft, and the held order for one's own seat; paying it publishes the event.",
    security="bearer",
)
def create(json_data: MeetupDraft) -> Any:
    meetup = meetups.create(json_data)
    links = {
        "event": link("api.events.show", slug=meetup.event.slug),
        "order": link("api.orders.show", reference=meetup.order.reference),
        "checkout": link("api.orders.checkout", "POST", reference=meetup.order.reference),
    }
    return MeetupOut(**meetup.model_dump(), links=links)


@bp.post("/<uuid:event_id>/order")
@signed_in
@repeatable(bp)
@bp.output(OrderOut, status_code=201)
@bp.doc(
    summary="Hold the first seat of an unpaid meetup again",
    description="For a meetup that became a draft again because its seat was not paid in time.",
    security="bearer",
)
def retry(event_id: UUID) -> Any:
    return shown(meetups.retry(event_id))
