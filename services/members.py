"""The people of a team: their roles, and how they go."""

from __future__ import annotations

from services.models.members import Member, People, Role
from services.outside import database


def list_members(organizer: str) -> People:
    """Members and open invitations. Raises Refusal: not_found, not_permitted."""
    return People.model_validate(database.call("list_members", organizer=organizer))


def change_role(organizer: str, user_id: str, role: Role) -> Member:
    """Raises Refusal: not_found, not_permitted, last_owner."""
    changed = database.call("change_member_role", organizer=organizer, user_id=user_id, role=role)
    return Member.model_validate(changed)


def remove(organizer: str, user_id: str) -> None:
    """Remove a member and revoke API keys they made. Raises Refusal: not_found, not_permitted, last_owner."""
    database.call("remove_member", organizer=organizer, user_id=user_id)


def leave(organizer: str) -> None:
    """Leave a team; API keys one made are revoked. Raises Refusal: not_found, last_owner."""
    database.call("leave_organizer", organizer=organizer)
