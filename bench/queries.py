"""What requests and the worker ask most often, with arguments that `bench.world` has rows for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bench.world import id_of

PERSON = 7  # an account with twenty orders

# Tables that grow with what is sold, and how many of their rows a call may read without an index.
GROWING = (
    "events",
    "ticket_types",
    "pools",
    "orders",
    "order_lines",
    "attendees",
    "payments",
    "checkouts",
    "deliveries",
    "order_requests",
    "audit_entries",
    "users",
    "sessions",
)
FEW = 100


@dataclass(frozen=True)
class Query:
    """A call of a public function, by a visitor, by the account of PERSON, or with the secret key."""

    function: str
    arguments: dict[str, Any] = field(default_factory=dict)
    by: Literal["visitor", "buyer", "service"] = "visitor"


def _lines(event: int) -> list[dict[str, Any]]:
    return [{"ticket_type_id": id_of("seat", event), "quantity": 2}]


_REFERENCE = f"GC2025-{PERSON * 20 + 1:06}"
_PAID = {
    "session_id": "cs_new",
    "order_id": id_of("order", 1),
    "payment_status": "unpaid",
    "session_status": "open",
}

QUERIES = {
    "event page": Query("read_event", {"slug": "event-99"}),
    "seats left": Query("read_availability", {"event_id": id_of("event", 12)}),
    "quote": Query("quote", {"event_id": id_of("event", 12), "lines": _lines(12)}),
    "order form": Query("prepare_order", {"slug": "event-12", "lines": _lines(12)}),
    "placing an order": Query("place_order", {"event_id": id_of("event", 9), "lines": _lines(9)}, by="buyer"),
    "order page": Query("read_order", {"reference": _REFERENCE}, by="buyer"),
    "order status": Query("read_order_state", {"reference": _REFERENCE}, by="buyer"),
    "order list": Query("list_orders", by="buyer"),
    "webhook": Query(
        "settle_payment",
        {"stripe_event_id": "evt_1", "event_type": "checkout.session.completed", "facts": _PAID},
        by="service",
    ),
    "sweep of holds": Query("expire_holds", by="service"),
    "outbox": Query("claim_deliveries", by="service"),
}
