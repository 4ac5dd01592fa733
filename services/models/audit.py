"""The trail as its team reads it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.team_orders import Deed
from services.models.workspaces import Workspace

Matter = Literal["orders", "lines", "events", "venues", "team"]
MATTERS: tuple[Matter, ...] = ("orders", "lines", "events", "venues", "team")
SubjectKind = Literal[
    "order",
    "waitlist_entry",
    "event",
    "ticket_type",
    "promotion_code",
    "venue",
    "organizer",
    "member",
    "invitation",
    "api_key",
]


class AuditSearch(Input):
    """Filters of a team's trail; all of them optional."""

    matter: Matter | None = Field(None, alias="about", description="What it is about")
    actor_id: UUID | None = Field(None, alias="by", description="The person or the API key that did it")
    from_day: date | None = Field(
        None, alias="from", description="The first day that counts, by the clocks of the latest event"
    )
    to_day: date | None = Field(None, alias="to", description="The last day that counts, by the same clocks")
    page_size: Annotated[int, Field(ge=1, le=100)] | None = Field(None, alias="limit")
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None


class AuditSubject(Output):
    """What it happened to."""

    kind: SubjectKind
    id: UUID
    name: str | None = Field(description="As it is called now, or was at last")
    leads_to: str | None = Field(
        None, description="An order's reference, an event's id or a venue's slug; none when it is gone"
    )
    currency: str | None = Field(None, description="Of a ticket type's prices")


class AuditEntry(Deed):
    id: int
    subject: AuditSubject
    correlation_id: str | None = Field(description="The request it happened in")


class Actor(Output):
    """Somebody, or a program, that acts or acted for the team."""

    id: UUID
    name: str


class AuditPage(Output):
    workspace: Workspace
    entries: list[AuditEntry]
    next: str | None
    actors: list[Actor] = Field(description="People of the team, those who left too, and its API keys")
    timezone: str = Field(description="By whose clocks days are meant: the latest event's")
