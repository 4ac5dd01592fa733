"""Teams that sell, as they describe themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from services.models import Input, Output
from services.models.workspaces import Workspace

# Rules (lengths, what an address may be) are judged by Postgres, all at once; here only kinds are.
Hue = Annotated[
    StrictInt, Field(ge=-(10**6), le=10**6, description="An angle on the colour wheel, in degrees")
]


class OrganizerDraft(Input):
    """A name is enough: the address is made from it, and the rest can wait."""

    name: str
    slug: str | None = Field(None, description="Its address; made from the name without")
    about: str | None = None
    website: str | None = None
    hue: Hue | None = None


class OrganizerChanges(Input):
    """Only what is sent changes. Whoever changes the slug breaks links to the former one."""

    name: str | None = None
    slug: str | None = None
    about: str | None = None
    website: str | None = None
    hue: Hue | None = None


class Organizer(Output):
    """A team as it describes itself; `hue` is in degrees."""

    id: UUID
    slug: str
    name: str
    about: str
    website: str | None
    hue: int
    picture_path: str | None
    picture_url: str | None = None
    revision: int
    created_at: datetime


class OwnOrganizer(Organizer):
    """The same, with the workspace around it, and whether who asks is its last owner."""

    workspace: Workspace
    must_stay: bool
