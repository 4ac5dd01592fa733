"""Orders: what is asked for, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints

from services.models import Input, Output
from services.models.events import Cents, Event, EventSummary, Quote, QuoteLine
from services.models.venues import VenueCard

OrderStatus = Literal["awaiting_approval", "pending", "confirmed", "cancelled", "expired", "declined"]
PaymentStatus = Literal["unpaid", "processing", "paid", "failed", "partially_refunded", "refunded"]
Action = Literal["pay", "cancel", "name"]
Method = Literal["stripe", "bank", "cash"]

# Rules (which quantities, which addresses) are Postgres's; here only kinds and sane sizes are judged.
Text = Annotated[str, StringConstraints(max_length=320)]


class PersonIn(Input):
    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None


class OrderLineIn(Input):
    ticket_type_id: UUID
    quantity: Annotated[StrictInt, Field(ge=-(10**9), le=10**9)]
    attendees: Annotated[list[PersonIn], Field(max_length=100)] = Field(default_factory=list)


class OrderDraft(Input):
    event_id: UUID
    lines: Annotated[list[OrderLineIn], Field(max_length=50)]
    buyer: PersonIn | None = Field(None, description="For guests; an account's name and address are known")
    promotion_code: Annotated[str, StringConstraints(max_length=40)] | None = None
    seen_cents: Annotated[int, Field(ge=0, le=99_999_999)] | None = Field(
        None, description="The total that the buyer saw: what costs more is refused with `price_changed`"
    )


class OrderLine(QuoteLine):
    id: UUID


class Attendee(Output):
    id: UUID
    ticket_type_id: UUID
    name: str | None
    email: str | None
    phone: str | None
    cancelled_at: datetime | None
    revision: int = Field(description="To be sent when saying who sits there")


class Buyer(Output):
    name: str
    email: str
    phone: str | None


class Payment(Output):
    kind: Literal["payment", "refund"]
    method: Method = Field(description="stripe, or by hand of the team: bank or cash")
    amount_cents: int = Field(description="Minor units; negative for a refund")
    status: Literal["requested", "succeeded", "failed", "review"]
    at: datetime


class Cancellation(Output):
    """Seats on their way out: refund first, then the seats."""

    status: Literal["refunding", "done", "failed"]
    cause: Literal["buyer", "organizer", "event"]
    reason: str | None
    refund_cents: Cents
    seats: int
    at: datetime


class CancellationQuote(Output):
    """What giving up seats would bring back, and until when it is possible."""

    possible: bool
    refusal: str | None = Field(description="The word that stands in the way, if one does")
    until: datetime | None
    attendees: list[UUID] = Field(description="The seats that would be given up")
    refund_cents: Cents
    paid_cents: Cents
    currency: str


class SeatChoice(Input):
    attendees: Annotated[list[UUID], Field(min_length=1, max_length=200)] | None = Field(
        None, description="Seats to give up; all of them when none are named"
    )


class RefundRequest(SeatChoice):
    reason: Annotated[str, StringConstraints(max_length=500)]
    amount_cents: Annotated[StrictInt, Field(ge=1, le=10**9)] | None = Field(
        None,
        description="Money alone, with the seats kept; without it the seats go and their price comes back",
    )
    kept_cents: Annotated[StrictInt, Field(ge=0, le=10**9)] | None = Field(
        None, description="What was left of the money when this was decided; refused if it has moved since"
    )


class SeatNaming(PersonIn):
    """Who sits in a seat; what is left out stays as it is."""

    id: UUID
    revision: Annotated[StrictInt, Field(ge=1, le=10**9)] | None = Field(
        None, description="What was seen; refused with `edited_meanwhile` if it was changed since"
    )


class Naming(Input):
    attendees: Annotated[list[SeatNaming], Field(min_length=1, max_length=200)]


class Reason(Input):
    reason: Annotated[str, StringConstraints(max_length=500)] | None = None


class OrderVenue(VenueCard):
    address: str
    postal_code: str
    country: str


class OrderedEvent(EventSummary):
    """The event of an order or of a place in line. What is left of its seats, the event itself tells."""

    venue: OrderVenue | None
    asks_phone: bool
    upcoming: bool = Field(description="On show, and it has not begun")


class OrderState(Output):
    """What changes by itself in an order."""

    reference: str = Field(examples=["GC2026-7K3M9Q"])
    status: OrderStatus
    status_reason: str | None
    payment_status: PaymentStatus
    expires_at: datetime | None
    hold_left_seconds: int
    failed_payments: int
    payments_left: int


class Order(OrderState):
    id: UUID
    currency: str
    subtotal_cents: Cents
    discount_cents: Cents
    tax_cents: Cents
    total_cents: Cents
    paid_cents: Cents
    refunded_cents: Cents
    buyer: Buyer
    guest: bool
    locale: str
    cancellation: Cancellation | None
    can: list[Action] = Field(description="What is possible at this instant")
    lines: list[OrderLine]
    attendees: list[Attendee]
    payments: list[Payment]
    event: OrderedEvent
    created_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    cancellable_until: datetime | None
    over: bool = Field(description="Whether the order has ended, or its event has")
    in_review: bool = Field(description="Whether money came in that was not asked for; a person decides")
    joining: str | None = Field(description="How to join, once the order is confirmed")

    @property
    def paid_by_hand(self) -> bool:
        """Whether money reached the team otherwise than through Stripe, and goes back that way."""
        return any(payment.method != "stripe" for payment in self.payments)


class Step(Output):
    """One thing that happened to an order, as its buyer is told."""

    at: datetime
    what: str = Field(examples=["order.confirmed"])
    reason: str | None = Field(description="In one word of ours, or as the organizer wrote it")
    seats: int | None
    amount_cents: int | None = Field(description="Minor units; negative for a refund")
    method: Method | None


class OpenOrder(Order):
    """An order with all that happened to it."""

    history: list[Step] = Field(description="Oldest first")


class PlacedOrder(Order):
    secret: str | None = Field(
        None, description="Opens the order to its guest, in the X-Order-Secret header; shown once"
    )


class OrderPage(Output):
    orders: list[Order]
    next: str | None


class Preparation(Output):
    """The page before an order: the event, and what the chosen seats cost."""

    event: Event
    quote: Quote
