"""Events as their team keeps them. The rules are Postgres's; their words come as Refusals."""

from __future__ import annotations

from services.models.team_events import TeamEventPage, TeamEventSearch
from services.outside import database


def list_events(organizer: str, search: TeamEventSearch) -> TeamEventPage:
    """A team's events, drafts included. Raises Refusal: not_found, not_permitted, cursor_invalid."""
    filters = search.model_dump(mode="json", exclude_none=True)
    return TeamEventPage.model_validate(database.call("list_team_events", organizer=organizer, **filters))
