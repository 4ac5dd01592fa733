"""Places where events happen."""

from __future__ import annotations

from services.models.venues import Venue, VenuePage
from services.outside import database


def list_venues(
    city: str | None = None, page_size: int | None = None, cursor: str | None = None
) -> VenuePage:
    """Venues, oldest entry first. Raises Refusal `cursor_invalid`."""
    return VenuePage.model_validate(
        database.call("list_venues", city=city, page_size=page_size, cursor=cursor)
    )


def read_venue(slug: str) -> Venue:
    """One venue, by slug or id. Raises Refusal `not_found`."""
    return Venue.model_validate(database.call("read_venue", slug=slug))
