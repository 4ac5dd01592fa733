"""Venues as the team that looks after them works on them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

from services.models import Input, Output
from services.models.events import EventCard
from services.models.venues import Venue
from services.models.workspaces import Workspace

# Rules (lengths, what a country may be) are judged by Postgres, all at once; here only kinds and sane sizes.
Line = Annotated[str, StringConstraints(max_length=1000)]
Count = Annotated[StrictInt, Field(ge=-(10**9), le=10**9)]
Degrees = Annotated[float, Field(ge=-(10**6), le=10**6, allow_inf_nan=False)]


class Opening(Input):
    weekday: Count = Field(description="1 is Monday")
    opens: Line = Field(examples=["09:00"])
    closes: Line = Field(description="No later than it opens: on the next day", examples=["18:00"])


class VenueEdits(Input):
    """What is named is changed."""

    name: Line = ""
    address: Line = Field("", description="Street and number")
    postal_code: Line | None = None
    city: Line = ""
    country: Line = Field("", description="ISO 3166-1 alpha-2")
    latitude: Degrees | None = Field(None, description="Both, or neither")
    longitude: Degrees | None = None
    timezone: Line = Field("", description="IANA name", examples=["Europe/Brussels"])
    capacity: Count = 0
    hours: list[Opening] = Field(default_factory=list, max_length=14)


class VenueDraft(VenueEdits):
    name: Line
    address: Line
    city: Line
    country: Line
    timezone: Line
    capacity: Count


class VenueKey(Output):
    """What is known of the key of a venue's partner; the key itself is not."""

    prefix: str
    created_at: datetime
    last_used_at: datetime | None


class TeamVenue(Venue):
    organizer: str = Field(description="The slug of the team that looks after it")
    revision: int = Field(description="To be sent with an edit")
    events_to_come: int
    key: VenueKey | None = Field(description="The key of its partner, if there is one")


class FreshVenueKey(Output):
    key: str = Field(description="Shown this once")
    venue: TeamVenue


class VenueEvent(EventCard):
    """An event as its venue sees it."""

    expected: int = Field(description="People who have a seat")
    outside_hours: bool = Field(description="Not wholly within the opening hours of the venue")


class VenueEventPage(Output):
    events: list[VenueEvent]
    next: str | None


class Neighbour(Output):
    """Another venue near one."""

    name: str
    latitude: float
    longitude: float
    distance_km: float


class TeamVenues(Output):
    workspace: Workspace
    venues: list[TeamVenue]


class VenueDesk(VenueEventPage):
    """A venue as its team works on it, with what happens there and what lies near it."""

    workspace: Workspace
    venue: TeamVenue
    neighbours: list[Neighbour]
