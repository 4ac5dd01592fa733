"""An event in numbers, as its team follows it."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.models import Output
from services.models.events import Cents
from services.models.team_events import ByHand, EventHead
from services.models.team_orders import TeamOrder
from services.models.workspaces import Workspace


class Seats(Output):
    capacity: int
    sold: int
    held: int
    left: int


class TypeInNumbers(Output):
    id: UUID
    name: str
    price_cents: Cents
    capacity: int | None = Field(description="Empty where the event's capacity alone limits it")
    sold: int
    held: int
    left: int


class SalesPoint(Output):
    since: date
    seats: int
    paid_cents: Cents | None = Field(description="For those who may see money")


class Sales(Output):
    unit: Literal["day", "week"]
    points: list[SalesPoint] = Field(description="By the clock of the event, without gaps")


class Money(Output):
    orders: int = Field(description="Confirmed orders")
    paid_cents: Cents
    refunded_cents: Cents


class Line(Output):
    """Those who wait."""

    people: int
    seats: int


class Numbers(Output):
    event: EventHead
    seats: Seats
    ticket_types: list[TypeInNumbers]
    sales: Sales
    to_hand_back: ByHand | None = Field(
        description="Of an event that was called off; for those who may see orders"
    )
    money: Money | None = Field(description="For those who may see money")
    line: Line | None = Field(description="For those who may see orders")
    latest_orders: list[TeamOrder] | None = Field(description="For those who may see orders")


class Dashboard(Numbers):
    workspace: Workspace
