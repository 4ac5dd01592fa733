"""Keys by which a team's programs call the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.models import Input, Output
from services.models.workspaces import Workspace

Permission = Annotated[str, StringConstraints(max_length=80)]


class KeyDraft(Input):
    name: str
    permissions: Annotated[list[Permission], Field(max_length=100)] = Field(
        description="At most one's own, such as events:read; organizer:read comes with every key",
        examples=[["events:read", "orders:read"]],
    )


class ApiKey(Output):
    """`prefix` is how the key begins; `last_used_at` is true to the minute."""

    id: UUID
    name: str
    prefix: str
    permissions: list[str]
    created_by: str | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


class NewApiKey(ApiKey):
    """With the key itself, which is shown this once."""

    key: str


class ApiKeys(Output):
    workspace: Workspace
    keys: list[ApiKey]
