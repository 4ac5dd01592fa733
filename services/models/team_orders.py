"""Orders as the team that sold them lists them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.events import Cents, TicketType
from services.models.orders import Buyer, Order, OrderLineIn, OrderStatus, PaymentStatus, PersonIn, Text
from services.models.workspaces import Workspace

Sort = Literal["newest", "oldest", "largest"]
TeamAction = Literal[
    "answer", "release", "cancel", "refund", "hand_back", "take_money", "change", "readdress", "note"
]


class TeamOrderSearch(Input):
    """Filters of a team's orders; all of them optional."""

    q: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        None, description="Words of a reference, a name or an address"
    )
    event_id: UUID | None = Field(None, alias="event")
    status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    owing: bool | None = Field(None, description="Whether the team must hand money back itself")
    placed_from: date | None = Field(
        None,
        alias="from",
        description="The first day that counts, by the clocks of the event or of the latest one",
    )
    placed_to: date | None = Field(
        None, alias="to", description="The last day that counts, by the same clocks"
    )
    sort: Sort = "newest"
    page_size: Annotated[int, Field(ge=1, le=100)] | None = Field(None, alias="limit")
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class EventName(Output):
    """An event as its team's lists name it."""

    id: UUID
    slug: str
    title: str
    starts_at: datetime
    timezone: str


class TeamOrder(Output):
    reference: str = Field(examples=["GC2026-7K3M9Q"])
    status: OrderStatus
    status_reason: str | None
    payment_status: PaymentStatus
    buyer: Buyer
    event: EventName
    seats: int = Field(description="Seats that were not given up")
    currency: str
    total_cents: Cents
    refunded_cents: Cents
    created_at: datetime


class TeamOrderPage(Output):
    workspace: Workspace
    orders: list[TeamOrder]
    next: str | None
    owing: int = Field(description="Of how many orders the team must hand money back itself")
    events: list[EventName] = Field(description="The team's latest, to choose one from")
    timezone: str = Field(description="By whose clocks days are meant: the event's, or the latest one's")


class Deed(Output):
    """What somebody did, as the trail has it."""

    at: datetime
    what: str = Field(examples=["order.confirmed"])
    detail: dict[str, Any]
    by: Literal["person", "guest", "key", "service", "dashboard"]
    name: str | None = Field(description="Who it was; only for those who may read the trail")


class Change(Deed):
    """One step of an order."""

    kind: Literal["change"]


class Mail(Output):
    """One mail about an order, and what became of it."""

    kind: Literal["mail"]
    at: datetime
    what: str = Field(examples=["order_confirmed"])
    id: UUID
    recipient: str
    status: Literal["queued", "sending", "sent", "delivered", "bounced", "complained", "dead"]
    sent_at: datetime | None
    settled_at: datetime | None
    error: str | None
    again: bool = Field(description="Whether it says an earlier mail again")
    may_repeat: bool


class Note(Output):
    """What somebody of the team noted."""

    kind: Literal["note"]
    at: datetime
    body: str
    name: str | None


Happening = Annotated[Change | Mail | Note, Field(discriminator="kind")]


class OrderFile(Output):
    """A team's order with its history and what may be done about it."""

    order: Order
    kept_cents: Cents = Field(description="What came in, less what went or is on its way back")
    owed_cents: Cents = Field(description="What the team must hand back itself, as it was paid by hand")
    may: list[TeamAction] = Field(description="What the caller may do about it now")
    history: list[Happening] = Field(description="Latest first")

    @property
    def on_its_way_cents(self) -> int:
        """What goes back by itself for the seats that are being cancelled."""
        cancellation = self.order.cancellation
        return max(0, cancellation.refund_cents - self.owed_cents) if cancellation else 0


class OpenOrderFile(OrderFile):
    workspace: Workspace


class RefundPreview(OpenOrderFile):
    """The same, with what giving up some of its seats would bring back."""

    attendees: list[UUID]
    refund_cents: Cents


class ManualPayment(Input):
    method: Literal["bank", "cash"]


class DeskOrder(Input):
    """Seats for somebody, free of charge or paid by hand."""

    lines: Annotated[list[OrderLineIn], Field(max_length=50)]
    buyer: PersonIn
    payment: Literal["comp", "bank", "cash"] = Field(description="comp: free of charge")
    note: Annotated[str, StringConstraints(max_length=2000)] | None = None


class Desk(Output):
    """What a team may give or sell at an event."""

    workspace: Workspace
    event: EventName
    currency: str
    ticket_types: list[TicketType]


class DeskQuote(Output):
    """What seats cost that a team sells itself; nothing when none are asked for."""

    currency: str
    total_cents: Cents | None
    discount_cents: Cents | None


class BuyerChange(Input):
    name: Text
    email: Text
    phone: Text | None = None


class AttendeeChange(PersonIn):
    """Who sits in a seat; what is left out is unknown."""


class ReleaseReason(Input):
    reason: Annotated[str, StringConstraints(max_length=500)]


class MailChoice(Input):
    delivery_id: UUID


class NoteDraft(Input):
    body: Annotated[str, StringConstraints(max_length=5000)]
