"""An event in numbers."""

from __future__ import annotations

from uuid import UUID

from services.models.dashboards import Dashboard
from services.outside import database


def read(event_id: UUID, organizer: str | None = None) -> Dashboard:
    """A team's event in numbers, counted afresh. Raises Refusal: not_found, not_permitted."""
    return Dashboard.model_validate(database.call("read_dashboard", event_id=event_id, organizer=organizer))
