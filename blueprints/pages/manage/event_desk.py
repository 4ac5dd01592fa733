"""What the pages of one event in the workspace of its team share."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services import team_events
from services.models.team_events import EventDesk
from services.refusals import Refusal


def opened(organizer: str, event_id: UUID, permission: str) -> EventDesk:
    """An event with what its pages need; its address must name its own team.

    Raises Refusal: not_found, not_permitted.
    """
    desk = team_events.read(event_id)
    if desk.event.organizer != organizer:
        raise Refusal("not_found", 404)
    if not desk.workspace.may(permission):
        raise Refusal("not_permitted", 403)
    return desk


def ids(words: Iterable[str]) -> list[UUID]:
    """The ids among what a form has sent; no page ever offered anything else."""
    found = []
    for word in words:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found
