"""A team's own events, as its workspace and its programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.events import EventStatus
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
