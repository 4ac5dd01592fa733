"""A team's own events, as its workspace and its programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.events import Cents, EventStatus
from services.models.ticket_types import Count, Moment, PricePreview, TeamTicketType, TicketTypeDraft
from services.models.venues import VenueCard
from services.models.workspaces import Workspace

Stage = Literal["draft", "upcoming", "past"]


class TeamEventSearch(Input):
    """Filters of a team's list; all of them optional."""

    stage: Stage | None = Field(None, description="All but past ones, unless asked")
    q: Annotated[str, StringConstraints(max_length=200)] | None = None
    page_size: Annotated[int, Field(ge=1, le=100)] | None = Field(None, alias="limit")
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class TeamEvent(Output):
    id: UUID
    slug: str
    organizer: str = Field(description="The slug of its team")
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    status: EventStatus
    stage: Stage = Field(description="draft: only its team sees it; past: over or cancelled")
    kind: str = Field(description="The key of its policy", examples=["masterclass"])
    online: bool
    venue: VenueCard | None
    cover_path: str | None
    currency: str
    capacity: int
    sold: int
    left: int


class TeamEventPage(Output):
    workspace: Workspace
    events: list[TeamEvent]
    next: str | None


Action = Literal["edit", "publish", "unpublish", "delete", "copy", "cancel", "list_attendees"]
Title = Annotated[str, StringConstraints(max_length=10_000)]


class EventHead(TeamEvent):
    """Where an event stands, and what can be done with it: the head of every page about it."""

    status_reason: str | None
    can: list[Action] = Field(description="What the caller can do with it now")


class EventEdits(Input):
    """What is named is changed."""

    title: Title = ""
    summary: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    description: Annotated[str, StringConstraints(max_length=100_000)] | None = Field(
        None, description="Markdown"
    )
    joining: Annotated[str, StringConstraints(max_length=10_000)] | None = Field(
        None, description="How to join: a link, a door code; for people with a confirmed seat alone"
    )
    language: Annotated[str, StringConstraints(max_length=8)] = Field("en", description="ISO 639-1")
    venue_id: UUID | None = Field(None, description="Online without")
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        None, description="Of an online event; at a venue its clocks count"
    )
    starts_at: Moment = ""
    ends_at: Moment | None = Field(None, description="Follows the start where it is not named")
    capacity: Count | None = Field(None, description="The venue's without")
    currency: Annotated[str, StringConstraints(max_length=8)] = "EUR"
    asks_phone: bool = False
    waitlist_keeps_price: bool = True


class EventDraft(EventEdits):
    """A title, a start and places; the rest follows from the team's last event."""

    title: Title
    starts_at: Moment
    kind: Literal["masterclass", "conference"] = "masterclass"
    ticket_types: list[TicketTypeDraft] = Field(default_factory=list, max_length=20)


class TeamEventDetail(EventHead):
    summary: str
    description: str
    language: str
    joining: str | None = Field(description="How to join; told to who may change it")
    own_capacity: int | None = Field(description="Empty where the venue's counts")
    asks_phone: bool
    waitlist_keeps_price: bool
    outside_hours: bool = Field(description="Not wholly within the opening hours of its venue")
    revision: int = Field(description="To be sent with an edit")
    ticket_types: list[TeamTicketType]


class VenueChoice(VenueCard):
    capacity: int
    timezone: str


class EventDesk(Output):
    """An event as its team works on it, and what there is to choose from."""

    workspace: Workspace
    event: TeamEventDetail
    venues: list[VenueChoice]
    currencies: list[str]


class NewEvent(Output):
    """What the next event begins with."""

    language: str
    currency: str
    timezone: str
    venue_id: UUID | None
    capacity: int | None
    vat_rate: float | None = Field(description="In percent, as the team charged it last; empty before that")


class EmptyDesk(Output):
    workspace: Workspace
    venues: list[VenueChoice]
    currencies: list[str]
    defaults: NewEvent


class TicketTypeDesk(Output):
    """A ticket type as its team works on it."""

    workspace: Workspace
    event: TeamEvent
    ticket_type: TeamTicketType
    preview: PricePreview


class SeriesDraft(Input):
    """Each start at each venue; without venues, at the template's own place."""

    template: UUID = Field(description="The event that is held again")
    starts: Annotated[list[Moment], Field(min_length=1, max_length=50)]
    venue_ids: Annotated[list[UUID], Field(max_length=50)] = Field(default_factory=list)
    publish: bool = Field(False, description="Put all of them on show at once; all or none")


class ByHand(Output):
    """Money that was paid by hand, which a team hands back itself."""

    orders: int
    cents: Cents


class Consequences(Output):
    """What calling an event off would do."""

    currency: str
    orders: int = Field(description="Confirmed orders")
    seats: int = Field(description="Their seats")
    refunded_orders: int
    refund_cents: Cents
    by_hand: ByHand = Field(description="The part of it that the team hands back itself")
    unpaid_orders: int = Field(description="Held, or waiting for a yes")
    waiting: int = Field(description="Places in the waiting line")


class EventToCallOff(TeamEvent):
    can: list[Action]


class CallingOff(Consequences):
    """The same, with what its page shows around it: the workspace is its organizer's, or its venue's."""

    workspace: Workspace
    event: EventToCallOff
