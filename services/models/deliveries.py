"""Deliveries as the database hands them out, and what a provider tells of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from services.models import Output

# What Resend's events mean for a delivery; the others (opened, clicked, scheduled …) are of no interest.
OUTCOMES: dict[str, Literal["delivered", "bounced", "complained"]] = {
    "email.delivered": "delivered",
    "email.bounced": "bounced",
    "email.failed": "bounced",
    "email.suppressed": "bounced",
    "email.complained": "complained",
}
# A worker that dies between sending and recording loses its lease; by then another has recorded.
RECORDED_WITHIN = timedelta(minutes=10)


class Delivery(Output):
    """One message to one address, claimed for sending until its lease lapses. `attempt` counts from 1."""

    id: str
    lease_token: str
    kind: str
    recipient: str
    recipient_name: str | None = None
    locale: str = "en"
    data: dict[str, Any]
    attempt: int = 1
    idempotency_key: str


class EventData(Output):
    """The mail that an event is about; `tags` are those it was sent with."""

    email_id: str | None = None
    tags: dict[str, str] | None = None


class DeliveryEvent(Output):
    """One event of Resend's, with the instant it happened."""

    type: str
    created_at: AwareDatetime
    data: EventData = Field(default_factory=EventData)

    @property
    def outcome(self) -> Literal["delivered", "bounced", "complained"] | None:
        """What it means for the delivery, or None when it means nothing to us."""
        return OUTCOMES.get(self.type) if self.data.email_id else None

    @property
    def is_early(self) -> bool:
        """Whether it may be about a delivery of ours whose sending is only now being recorded."""
        fresh = datetime.now(UTC) - self.created_at < RECORDED_WITHIN
        return fresh and "delivery" in (self.data.tags or {})
