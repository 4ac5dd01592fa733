"""The teams that whoever is signed in belongs to."""

from __future__ import annotations

from services.models.workspaces import Membership
from services.outside import database


def list_workspaces() -> list[Membership]:
    """One's teams by name, with one's role in each. Raises Refusal: signed_out."""
    return [Membership.model_validate(team) for team in database.call("list_workspaces")]
