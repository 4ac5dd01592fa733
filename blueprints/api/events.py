"""The catalogue: events, their seats left, their prices."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from apiflask import APIBlueprint
from pydantic import Field, StringConstraints

from blueprints.guards import signed_in_or_key
from blueprints.links import Link, Links, link, next_link
from services import events
from services.models import Input, Output
from services.models.events import Availability, Event, EventCard, EventSearch, ListedEvent, Quote
from web.limits import event_read_limit

bp = APIBlueprint("events", __name__, url_prefix="/events", tag="Catalogue")


class QuoteQuestion(Input):
    ticket_type: UUID
    quantity: Annotated[int, Field(ge=-(10**9), le=10**9)] = 1
    code: Annotated[str, StringConstraints(max_length=40)] | None = None


class EventQuestion(Input):
    code: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        None, description="Shows the hidden ticket types that it opens"
    )


class CancelledEvent(Input):
    reason: Annotated[str, StringConstraints(max_length=500)] = Field(description="Everyone is told why")


class ListedEventOut(ListedEvent):
    links: Links


class EventOut(Event):
    links: Links


class EventsOut(Output):
    data: list[ListedEventOut]
    links: Links


class AvailabilityOut(Availability):
    links: Links


class QuoteOut(Quote):
    links: Links


@bp.get("")
@event_read_limit
@bp.input(EventSearch, location="query")
@bp.output(EventsOut)
@bp.doc(
    summary="List published events to come",
    description="Soonest first. Near a place, or around a city where a radius is given, with the distance.",
)
def index(query_data: EventSearch) -> Any:
    page = events.list_events(query_data)
    return EventsOut(
        data=[ListedEventOut(**card.model_dump(), links=_links(card)) for card in page.events],
        links=next_link("api.events.index", page.next),
    )


@bp.get("/<slug>")
@event_read_limit
@bp.input(EventQuestion, location="query")
@bp.output(EventOut)
@bp.doc(summary="Read an event, by id or slug")
def show(slug: str, query_data: EventQuestion) -> Any:
    event = events.read_event(slug, query_data.code)
    return EventOut(**event.model_dump(), links=_links(event))


@bp.get("/<uuid:event_id>/availability")
@event_read_limit
@bp.output(AvailabilityOut)
@bp.doc(summary="Seats left at this instant", description="Lapsed holds do not count.")
def availability(event_id: UUID) -> Any:
    links = {
        "self": link("api.events.availability", event_id=str(event_id)),
        "event": link("api.events.show", slug=str(event_id)),
    }
    return AvailabilityOut(**events.read_availability(event_id).model_dump(), links=links)


@bp.get("/<uuid:event_id>/quote")
@event_read_limit
@bp.input(QuoteQuestion, location="query")
@bp.output(QuoteOut)
@bp.doc(summary="What seats cost now", description="The only place where prices are computed.")
def quote(event_id: UUID, query_data: QuoteQuestion) -> Any:
    answer = events.quote(event_id, {str(query_data.ticket_type): query_data.quantity}, query_data.code)
    links = {
        "self": link("api.events.quote", event_id=str(event_id), **query_data.model_dump(mode="json")),
        "event": link("api.events.show", slug=str(event_id)),
        "order": link("api.orders.create", "POST"),
    }
    return QuoteOut(**answer.model_dump(), links=links)


@bp.post("/<uuid:event_id>/cancellation")
@signed_in_or_key
@bp.input(CancelledEvent)
@bp.output(EventOut)
@bp.doc(
    summary="Call an event off",
    description="Sales stop at once; everyone who bought a seat is refunded and told.",
    security=["bearer", "api_key"],
)
def cancel(event_id: UUID, json_data: CancelledEvent) -> Any:
    event = events.cancel(event_id, json_data.reason)
    return EventOut(**event.model_dump(), links=_links(event))


def _links(event: EventCard) -> dict[str, Link]:
    links = {
        "self": link("api.events.show", slug=event.slug),
        "page": link("events.show", slug=event.slug),
        "availability": link("api.events.availability", event_id=str(event.id)),
        "quote": link("api.events.quote", event_id=str(event.id)),
    }
    if _is_full(event):
        links["waitlist"] = link("api.waitlist.join", "POST", event_id=str(event.id))
    if event.sale == "on_sale":
        links["order"] = link("api.orders.create", "POST")
    if (
        isinstance(event, Event)
        and event.status == "draft"
        and event.policy.key == "meetup"
        and not event.my_order
    ):
        links["retry"] = link("api.meetups.retry", "POST", event_id=str(event.id))
    return links


def _is_full(event: EventCard) -> bool:
    """Whether there is something to wait for: the event is sold out, or one of its ticket types is."""
    types = event.ticket_types if isinstance(event, Event) else []
    return event.sale in ("on_sale", "sold_out") and "sold_out" in (
        event.sale,
        *(type.sale for type in types),
    )
