"""Deliveries as the database hands them out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

Event = Literal["delivered", "bounced", "complained"]


class Delivery(BaseModel):
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
