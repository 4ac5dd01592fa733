"""A team's workspace: whose it is, and what whoever looks may do there."""

from __future__ import annotations

from uuid import UUID

from services.models import Output


class Team(Output):
    """An organizer as a list of one's teams shows it."""

    slug: str
    name: str


class Host(Team):
    """The organizer whose workspace is open; `hue` is in degrees."""

    id: UUID
    hue: int
    picture_path: str | None


class Workspace(Output):
    """What every page of a workspace shows around its own matter. `role` is empty for an API key.

    `requests` are the orders that wait for a yes, counted for whoever may give it.
    """

    organizer: Host
    role: str | None
    permissions: list[str]
    requests: int = 0
    others: list[Team]

    def may(self, permission: str) -> bool:
        return permission in self.permissions


class Membership(Host):
    """One of the teams that somebody belongs to. `role` is empty for a program."""

    role: str | None
    permissions: list[str]

    def may(self, permission: str) -> bool:
        return permission in self.permissions
