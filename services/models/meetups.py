"""Meetups: small events that anyone who is signed in may hold."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from services.models import Input, Output
from services.models.events import Event
from services.models.orders import Order


class MeetupDraft(Input):
    title: Annotated[str, StringConstraints(max_length=1000)]
    language: Annotated[str, StringConstraints(max_length=8)]
    venue_id: UUID
    starts_at: AwareDatetime
    description: Annotated[str, StringConstraints(max_length=100_000)] = ""


class Meetup(Output):
    """The draft, and the held order whose payment publishes it."""

    event: Event
    order: Order
