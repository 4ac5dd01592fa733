"""Venues, short on events and whole on their own."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from services.models import Output


class VenueCard(Output):
    id: UUID
    slug: str
    name: str
    city: str


class Venue(VenueCard):
    address: str
    postal_code: str
    country: str = Field(description="ISO 3166-1 alpha-2")
    latitude: float | None
    longitude: float | None
    capacity: int
    timezone: str | None = None
    reputation: float | None = None


class VenuePage(Output):
    venues: list[Venue]
    next: str | None
