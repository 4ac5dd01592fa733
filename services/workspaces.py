"""The teams that whoever is signed in belongs to."""

from __future__ import annotations

from services.models.workspaces import Membership, Workspace
from services.outside import database


def list_workspaces() -> list[Membership]:
    """One's teams by name, with one's role in each. Raises Refusal: signed_out."""
    return [Membership.model_validate(team) for team in database.call("list_workspaces")]


def find(organizer: str) -> Workspace | None:
    """The workspace of one of one's teams; none if one is not in that team. Raises Refusal: signed_out."""
    teams = {team.slug: team for team in list_workspaces()}
    team = teams.pop(organizer, None)
    if team is None:
        return None
    return Workspace(
        organizer=team, role=team.role, permissions=team.permissions, others=list(teams.values())
    )
