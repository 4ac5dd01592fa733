"""Events: what happened, with the object as it was then."""

from __future__ import annotations

import time

from ..identifiers import new_id
from ..storage import Body

API_VERSION = "2026-10-28.endive"


def event(kind: str, subject: Body, *, pending_webhooks: int, request: Body) -> Body:
    """An event of type `kind`; `request` is the API request that caused it, by id and idempotency key."""
    return {
        "id": new_id("event"),
        "object": "event",
        "api_version": API_VERSION,
        "created": int(time.time()),
        "data": {"object": subject},
        "livemode": False,
        "pending_webhooks": pending_webhooks,
        "request": request,
        "type": kind,
    }
