"""Venues as the team that looks after them keeps them, and as their partners watch them.

What is typed goes to Postgres as it is, which answers with everything that is wrong at once: Refusal
`invalid_input`, whose detail has `errors`, each {field, code}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.models.team_venues import FreshVenueKey, TeamVenue, TeamVenues, VenueDesk, VenueEventPage
from services.outside import database

Facts = Mapping[str, Any]  # fields of VenueDraft or VenueEdits


def list_venues(organizer: str) -> TeamVenues:
    """The venues that a team looks after, by city and name. Raises Refusal: not_found, not_permitted."""
    return TeamVenues.model_validate(database.call("list_team_venues", organizer=organizer))


def read(organizer: str, venue: str) -> VenueDesk:
    """Raises Refusal: not_found, not_permitted."""
    return VenueDesk.model_validate(database.call("read_team_venue", organizer=organizer, venue=venue))


def create(organizer: str, facts: Facts) -> TeamVenue:
    """Raises Refusal: invalid_input, not_found, not_permitted."""
    return TeamVenue.model_validate(database.call("create_venue", organizer=organizer, venue=facts))


def update(venue: str, revision: int, changes: Facts) -> TeamVenue:
    """Change what is named, if nobody has since `revision`.

    Raises Refusal: invalid_input, edited_meanwhile, not_found, not_permitted.
    """
    return TeamVenue.model_validate(
        database.call("update_venue", venue=venue, revision=revision, changes=changes)
    )


def make_key(venue: str) -> FreshVenueKey:
    """A key for the venue's partner, told this once; the one before opens nothing any more.

    Raises Refusal: not_found, not_permitted.
    """
    return FreshVenueKey.model_validate(database.call("make_venue_key", venue=venue))


def end_key(venue: str) -> TeamVenue:
    """Raises Refusal: not_found, not_permitted."""
    return TeamVenue.model_validate(database.call("end_venue_key", venue=venue))


def list_events(venue: str, page_size: int | None = None, cursor: str | None = None) -> VenueEventPage:
    """What happens at a venue, soonest first. Raises Refusal: not_found, not_permitted, cursor_invalid."""
    return VenueEventPage.model_validate(
        database.call("list_venue_events", venue=venue, page_size=page_size, cursor=cursor)
    )
