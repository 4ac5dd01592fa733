"""Promotion codes, as their team makes and sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.ticket_types import Count, Moment
from services.models.workspaces import Workspace


class CodeDraft(Input):
    """A percentage, or an amount with its currency; the rest may stay open."""

    code: Annotated[str, StringConstraints(max_length=100)]
    percent: Count | None = None
    amount_cents: Count | None = None
    currency: Annotated[str, StringConstraints(max_length=8)] | None = None
    event_id: UUID | None = Field(
        None, description="The one event it counts for; all of the organizer's without"
    )
    starts_at: Moment | None = None
    ends_at: Moment | None = Field(None, description="The first instant at which it no longer counts")
    max_uses: Count | None = None
    max_uses_per_person: Count | None = None


class PromotionCode(Output):
    code: str
    percent: int | None
    amount_cents: int | None
    currency: str | None
    event_id: UUID | None
    event_title: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    max_uses: int | None
    max_uses_per_person: int | None
    state: Literal["valid", "to_come", "over"]
    uses: int = Field(description="Orders that use it now; lapsed and cancelled ones do not count")
    created_at: datetime


class EventChoice(Output):
    id: UUID
    title: str
    starts_at: datetime
    timezone: str


class CodeDesk(Output):
    """A team's codes, and what there is to choose from for a new one."""

    workspace: Workspace
    codes: list[PromotionCode]
    events: list[EventChoice]
    currencies: list[str]
    currency: str = Field(description="What the team last sold in")
    timezone: str = Field(description="Whose clocks count where a time has no offset")
