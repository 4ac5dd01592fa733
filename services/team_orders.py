"""A team's orders: found, looked into, and looked after."""

from __future__ import annotations

from services.models.team_orders import TeamOrderPage, TeamOrderSearch
from services.outside import database


def list_orders(organizer: str, search: TeamOrderSearch) -> TeamOrderPage:
    """A team's orders that fit. Raises Refusal: not_found, not_permitted, cursor_invalid."""
    return TeamOrderPage.model_validate(
        database.call("list_team_orders", organizer=organizer, **search.model_dump(mode="json"))
    )
