"""Orders as the team that sold them lists them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.events import Cents
from services.models.orders import Buyer, OrderStatus, PaymentStatus
from services.models.workspaces import Workspace

Sort = Literal["newest", "oldest", "largest"]


class TeamOrderSearch(Input):
    """Filters of a team's orders; all of them optional."""

    q: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        None, description="Words of a reference, a name or an address"
    )
    event_id: UUID | None = Field(None, alias="event")
    status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    placed_from: date | None = Field(None, alias="from", description="The first day that counts, in UTC")
    placed_to: date | None = Field(None, alias="to", description="The last day that counts, in UTC")
    sort: Sort = "newest"
    page_size: Annotated[int, Field(ge=1, le=100)] | None = Field(None, alias="limit")
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class EventName(Output):
    """An event as its team's lists name it."""

    id: UUID
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
    awaiting_approval: int = Field(description="How many of the team's orders wait for its yes")
    events: list[EventName] = Field(description="The team's latest, to choose one from")
