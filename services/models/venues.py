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


class EventVenue(VenueCard):
    """Where an event takes place."""

    address: str
    postal_code: str
    country: str = Field(description="ISO 3166-1 alpha-2")
    latitude: float | None
    longitude: float | None
    capacity: int
    reputation: float | None = Field(description="From 0 to 5; empty while nobody has rated it")


class OpeningHours(Output):
    weekday: int = Field(description="1 is Monday")
    opens: str = Field(examples=["09:00"])
    closes: str = Field(description="No later than it opens: on the next day", examples=["18:00"])


class Venue(EventVenue):
    timezone: str = Field(description="IANA name")
    hours: list[OpeningHours] = Field(description="None at all: nobody has said when it is open")


class VenuePage(Output):
    venues: list[Venue]
    next: str | None
