"""Places in line."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictInt

from services.models import Input, Output
from services.models.orders import OrderedEvent
from services.models.team_events import EventHead
from services.models.workspaces import Workspace

Why = Literal["offered", "event_closed", "sale_ended", "order_under_way", "full", "too_large", "next"]
WaitlistStatus = Literal["waiting", "offered", "converted", "lapsed", "left"]


class WaitlistDraft(Input):
    ticket_type_id: UUID
    quantity: Annotated[StrictInt, Field(ge=-(10**9), le=10**9)] = 1


class WaitlistEntry(Output):
    id: UUID
    status: WaitlistStatus
    quantity: int
    ticket_type_id: UUID
    ticket_type: str
    position: int | None = Field(description="One's place while waiting; 1 is next")
    order_reference: str | None = Field(description="The held order, once seats were offered")
    offer_expires_at: datetime | None
    joined_at: datetime
    event: OrderedEvent


class WaitingParty(Output):
    """Somebody in line, as the event's team sees them."""

    id: UUID
    status: WaitlistStatus
    name: str
    quantity: int
    ticket_type_id: UUID
    joined_at: datetime
    seats_free: int
    ticket_type: str
    why: Why = Field(
        description="What keeps them from being served; too_large: fewer are free than they want"
    )
    order_reference: str | None = Field(description="The held order, once seats were offered")
    offer_expires_at: datetime | None


class EventLine(Output):
    """The line of a team's event, first in line first."""

    workspace: Workspace
    event: EventHead
    entries: list[WaitingParty]
