"""What the tests of mail share: settings that reach nobody, a delivery, an outside that lives in memory."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from config import Settings
from services.outside.mail import OutgoingMail
from services.refusals import Refusal

SETTINGS = Settings.model_validate(
    {
        "secret_key": "nobody signs with this in earnest",
        "site_url": "https://guichet.example",
        "supabase_url": "https://project.supabase.example",
        "supabase_publishable_key": "sb_publishable_x",
        "supabase_secret_key": "sb_secret_x",
        "stripe_secret_key": "sk_test_x",
        "stripe_webhook_secret": "whsec_of_the_tests_alone",
        "resend_api_key": "re_test",
        "resend_api_url": None,
        "resend_webhook_secret": "whsec_YSBzZWNyZXQgb2YgUmVzZW5kJ3Mgb3du",
        "mail_from": "Guichet <tickets@guichet.example>",
    }
)

ORDER: dict[str, Any] = {
    "reference": "GC2026-7K3M9Q",
    "status": "confirmed",
    "payment_status": "paid",
    "currency": "EUR",
    "tax_cents": 243,
    "total_cents": 1400,
    "expires_at": "2037-11-20T20:30:00+00:00",
    "paid_cents": 1400,
    "refunded_cents": 0,
    "guest": False,
    "lines": [{"name": "Standard", "quantity": 2, "total_cents": 1400, "applied": ["early_bird"]}],
    "attendees": [
        {"name": "Ana Ruiz", "cancelled_at": None},
        {"name": "Bilal Haddad", "cancelled_at": None},
        {"name": "Chloé Petit", "cancelled_at": "2037-11-20T10:00:00+00:00"},
    ],
    "can": ["cancel"],
    "cancellable_until": "2037-11-27T15:00:00+00:00",
    "event": {
        "slug": "french-english-evening",
        "title": "French and English over a beer",
        "starts_at": "2037-11-27T18:00:00+00:00",
        "ends_at": "2037-11-27T19:00:00+00:00",
        "timezone": "Europe/Brussels",
        "online": False,
        "city": "Brussels",
        "venue": {
            "name": "Le Phare du Kanaal",
            "city": "Brussels",
            "address": "Quai des Charbonnages 40",
            "postal_code": "1080",
            "country": "BE",
        },
        "organizer": {"slug": "tandem", "name": "Tandem Bruxelles"},
    },
}


# What goes with an order in the mails about a change of it, as the database queues them.
FACTS: dict[str, dict[str, Any]] = {
    "seats_cancelled": {
        "amount_cents": 700, "seats": 1, "whole": False, "cause": "buyer",
    },
    "payment_refunded": {
        "amount_cents": 700, "by_hand": False, "paid_twice": False, "reason": "The sound failed.",
    },
    "event_cancelled": {"reason": "The pipes froze."},
    "refund_failed": {"amount_cents": 1400},
    "order_declined": {"reason": "We keep this round small."},
    "event_changed": {
        "before": {
            "starts_at": "2037-11-26T18:00:00+00:00", "ends_at": "2037-11-26T19:00:00+00:00",
            "timezone": "Europe/Brussels", "online": True,
        },
    },
}  # fmt: skip


def team_delivery(kind: str, locale: str = "en", **data: Any) -> dict[str, Any]:
    """A delivery about a team rather than an order."""
    told = {"organizer": {"slug": "tandem", "name": "Tandem & Co"}, "event": None, "site_path": "/", **data}
    return delivery(kind, locale=locale) | {"data": told}


def delivery(kind: str = "order_confirmed", **changes: Any) -> dict[str, Any]:
    """A delivery as `claim_deliveries` hands it out. `order` and `event` change parts of what it says."""
    order = copy.deepcopy(ORDER) | changes.pop("order", {})
    order["event"] |= changes.pop("event", {})
    data = {"order": order, "site_path": f"/orders/{order['reference']}"} | changes.pop("data", {})
    return {
        "id": "0c6a4f3e-1111-4222-8333-444455556666",
        "lease_token": "lease-1",
        "kind": kind,
        "recipient": "ana@example.org",
        "recipient_name": "Ana Ruiz",
        "locale": "en",
        "data": data,
        "attempt": 1,
        "idempotency_key": "delivery:0c6a4f3e-1111-4222-8333-444455556666",
    } | changes


def notice(kind: str, **facts: Any) -> dict[str, Any]:
    """A delivery that is about no order, only about an event."""
    event = copy.deepcopy(ORDER["event"])
    data = {"event": event, "organizer": event["organizer"], "site_path": "/", **facts}
    return delivery(kind) | {"data": data}


@dataclass
class FakeDatabase:
    """The outbox in memory, with leases as Postgres keeps them."""

    queued: list[dict[str, Any]] = field(default_factory=list)
    recorded: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    knows_events: bool = True
    on_record: Callable[[], None] = lambda: None

    def call_as_service(self, function: str, /, **arguments: Any) -> Any:
        return getattr(self, function)(**arguments)

    def claim_deliveries(self, batch: int, lease_seconds: int) -> list[dict[str, Any]]:
        assert lease_seconds > 0
        for row in self.queued[:batch]:
            row["lease_token"] = f"lease-{time.monotonic_ns()}"
        return copy.deepcopy(self.queued[:batch])

    def record_delivery(self, **arguments: Any) -> dict[str, bool]:
        self.on_record()
        row = next((row for row in self.queued if row["id"] == arguments["delivery_id"]), None)
        if row is None or row["lease_token"] != arguments["lease_token"]:
            raise Refusal("lease_lost", 409)
        self.recorded.append(arguments)
        if arguments["outcome"] != "retry":
            self.queued.remove(row)
        else:
            row["attempt"] += 1
        return {"recorded": True}

    def record_delivery_event(self, **arguments: Any) -> dict[str, bool]:
        self.events.append(arguments)
        return {"known": self.knows_events}


@dataclass
class FakeMail:
    """Remembers keys as Resend does. `troubles` are raised one per call before anything is taken."""

    sent: dict[str, OutgoingMail] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)
    calls: int = 0

    def send(self, message: OutgoingMail, idempotency_key: str) -> str:
        self.calls += 1
        if self.troubles:
            raise self.troubles.pop(0)
        assert self.sent.setdefault(idempotency_key, message) == message, "a key came again with other words"
        return f"mail-{list(self.sent).index(idempotency_key) + 1}"
