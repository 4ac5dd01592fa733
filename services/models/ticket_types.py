"""Ticket types as their team makes, edits and sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints

from services.models import Input, Output
from services.models.events import Cents, Discount

Count = Annotated[StrictInt, Field(ge=-(10**9), le=10**9)]
# Times are judged where the event's clocks are known: in Postgres.
Moment = Annotated[
    str,
    StringConstraints(max_length=40),
    Field(
        description="By the event's clocks, as in 2027-06-12T19:00, or with an offset of its own",
        examples=["2027-06-12T19:00"],
    ),
]
Rate = Annotated[float, Field(allow_inf_nan=False, description="VAT in percent, included in the price")]


class TicketTypeEdits(Input):
    """What is named is changed; null takes a rule away."""

    name: Annotated[str, StringConstraints(max_length=10_000)] = ""
    description: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    price_cents: Count = 0
    early_bird_price_cents: Count | None = None
    early_bird_until: Moment | None = Field(None, description="The last instant of that price, inclusive")
    group_min_quantity: Count | None = None
    group_percent: Count | None = None
    vat_rate: Rate = 0
    capacity: Count | None = Field(None, description="A limit of its own; the event's alone without")
    min_per_order: Count = 1
    max_per_order: Count = 10
    requires_approval: bool = False
    sale_starts_at: Moment | None = None
    sale_ends_at: Moment | None = Field(None, description="The first instant at which it is no longer sold")
    access_code: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        None, description="Hidden: seen and bought only with this word, in a link or as promotion code"
    )


class TicketTypeDraft(TicketTypeEdits):
    """A name and a price; the rest may stay as it is."""

    name: Annotated[str, StringConstraints(max_length=10_000)]
    price_cents: Count


class TeamTicketType(Output):
    id: UUID
    name: str
    description: str
    position: int
    price_cents: Cents
    early_bird_price_cents: Cents | None
    early_bird_until: datetime | None
    group_min_quantity: int | None
    group_percent: int | None
    vat_rate: float
    capacity: int | None
    min_per_order: int
    max_per_order: int
    requires_approval: bool
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    hidden: bool = Field(description="Only whoever has its word sees it")
    access_code: str | None = Field(description="That word; told to who may change it")
    revision: int = Field(description="To be sent with an edit")
    ordered: bool = Field(description="Whether it was ever ordered; then it cannot be deleted")
    held: int
    sold: int


class PricedQuantity(Output):
    quantity: int
    total_cents: Cents
    unit_price_cents: Cents
    applied: list[Discount]


class PricePreview(Output):
    """What so many seats cost now and, while an early-bird price runs, what they cost after it."""

    currency: str
    timezone: str
    now: list[PricedQuantity]
    early_bird_until: datetime | None
    later: list[PricedQuantity] | None
