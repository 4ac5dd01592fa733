"""Who is in a team, and who is invited."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from services.models import Input, Output
from services.models.workspaces import Workspace

Role = Literal["owner", "manager", "finance", "door"]
ROLES: tuple[Role, ...] = ("owner", "manager", "finance", "door")


class Member(Output):
    """`keys` counts the working API keys they made, `me` is whoever asks, `must_stay` the last owner."""

    user_id: UUID
    name: str
    email: str
    avatar_path: str | None
    role: Role
    since: datetime
    me: bool
    must_stay: bool
    keys: int


class RoleChange(Input):
    role: Role


class InvitationDraft(Input):
    email: str
    role: Role


class Invitation(Output):
    """Somebody asked to join; `invited_by` names who asked, or the maker of the key that did."""

    id: UUID
    email: str
    role: Role
    state: Literal["open", "expired", "accepted", "withdrawn"]
    invited_by: str | None
    expires_at: datetime
    created_at: datetime


class Inviter(Output):
    """The team that asks, as the invited see it."""

    slug: str
    name: str
    hue: int
    picture_path: str | None


class ReceivedInvitation(Invitation):
    """The same as its reader sees it; `mine` is whether it is for the address of who is signed in."""

    organizer: Inviter
    mine: bool


class People(Output):
    """A team's members, owners first, and who has not answered yet."""

    workspace: Workspace
    members: list[Member]
    invitations: list[Invitation]
