"""Promotion codes, as their team makes and sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StrictInt, StringConstraints

from services.models import Input, Output

Count = Annotated[StrictInt, Field(ge=-(10**9), le=10**9)]


class CodeDraft(Input):
    """A percentage, or an amount with its currency; the rest may stay open."""

    code: Annotated[str, StringConstraints(max_length=100)]
    percent: Count | None = None
    amount_cents: Count | None = None
    currency: Annotated[str, StringConstraints(max_length=8)] | None = None
    event_id: UUID | None = Field(
        None, description="The one event it counts for; all of the organizer's without"
    )
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = Field(None, description="The first instant at which it no longer counts")
    max_uses: Count | None = None
    max_uses_per_person: Count | None = None


class PromotionCode(Output):
    code: str
    percent: int | None
    amount_cents: int | None
    currency: str | None
    event_id: UUID | None
    starts_at: datetime | None
    ends_at: datetime | None
    max_uses: int | None
    max_uses_per_person: int | None
    uses: int = Field(description="Orders that use it now; lapsed and cancelled ones do not count")
    created_at: datetime
