"""The people in the seats, as the team that seats them lists them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.team_events import EventHead
from services.models.team_orders import EventName
from services.models.workspaces import Workspace


class PeopleSearch(Input):
    """Filters of a list of people; all of them optional."""

    q: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        None, description="Words of a name or an address"
    )
    page_size: Annotated[int, Field(ge=1, le=100)] | None = Field(None, alias="limit")
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class Seated(Output):
    """Somebody in a confirmed seat."""

    id: UUID
    name: str | None
    email: str | None = Field(description="For those who may see attendees; the door sees names alone")
    phone: str | None
    ticket_type: str
    order_reference: str
    buyer: str
    buyer_email: str | None = Field(description="Where news go for a seat without an address of its own")
    ordered_at: datetime


class SeatedSomewhere(Seated):
    event: EventName


class SheetVenue(Output):
    name: str
    city: str


class SheetEvent(EventName):
    """An event as the head of a printed list names it."""

    ends_at: datetime
    venue: SheetVenue | None = Field(description="Empty when it is online")


class AttendeeSheet(Output):
    """Everyone who comes to an event, by name."""

    workspace: Workspace
    event: SheetEvent
    attendees: list[Seated]


class AttendeePage(Output):
    workspace: Workspace
    event: EventHead
    attendees: list[Seated]
    coming: int = Field(description="Confirmed seats in all")
    next: str | None


class AttendeeBatch(Output):
    """Some of those who come, to be written into a file."""

    event: EventName
    attendees: list[Seated]
    next: str | None


class PeoplePage(Output):
    workspace: Workspace
    people: list[SeatedSomewhere]
    next: str | None
