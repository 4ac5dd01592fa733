"""Builders of what is bought: lines, guests, orders, and what Stripe says of their money."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from tests.database import Database
from tests.sql.events import Event

Order = dict[str, Any]

HOLD = timedelta(minutes=15)


def line(ticket_type: uuid.UUID | str, quantity: Any = 1, **more: Any) -> dict[str, Any]:
    return {"ticket_type_id": str(ticket_type), "quantity": quantity, **more}


def guest(name: str = "Gus", **fields: Any) -> dict[str, Any]:
    """Someone without an account: a name and an address of their own."""
    return {"name": name, "email": f"{name.lower()}.{uuid.uuid4().hex[:8]}@example.org", **fields}


def place(
    caller: Database, event: Event, ticket_type: uuid.UUID, quantity: int = 1, **arguments: Any
) -> Order:
    """One line of one ticket type; a visitor needs `buyer=guest()`."""
    order: Order = caller.call(
        "place_order", event_id=event.id, lines=[line(ticket_type, quantity)], **arguments
    )
    return order


def place_as_guest(db: Database, event: Event, ticket_type: uuid.UUID, quantity: int = 1) -> Order:
    return place(db.visitor(), event, ticket_type, quantity, buyer=guest())


def holding(db: Database, order: Order) -> Database:
    """The guest who has the link of this order."""
    return db.visitor(x_order_secret=order["secret"])


def payment(db: Database, order: Order, **facts: Any) -> dict[str, Any]:
    """What Stripe says when this order's session was paid just now; facts may be changed one by one."""
    token = uuid.uuid4().hex
    return {
        "session_id": f"cs_test_{token}",
        "session_status": "complete",
        "payment_status": "paid",
        "order_id": order["id"],
        "payment_intent_id": f"pi_{token}",
        "charge_id": f"ch_{token}",
        "amount_cents": order["total_cents"],
        "currency": order["currency"].lower(),
        "charged_at": db.value("select now()").isoformat(),
        **facts,
    }


def settle(db: Database, facts: dict[str, Any], stripe_event_id: str | None = None) -> str:
    """Hand facts to settle_payment as the webhook does; answers the outcome."""
    answer = db.service().call(
        "settle_payment",
        stripe_event_id=stripe_event_id or f"evt_{uuid.uuid4().hex}",
        event_type="checkout.session.completed",
        facts=facts,
    )
    outcome: str = answer["outcome"]
    return outcome


def fail(db: Database, order: Order, event_type: str = "payment_intent.payment_failed", **facts: Any) -> str:
    """Hand one failed payment to fail_payment as the webhook does; answers the outcome."""
    answer = db.service().call(
        "fail_payment",
        stripe_event_id=facts.pop("stripe_event_id", f"evt_{uuid.uuid4().hex}"),
        event_type=event_type,
        facts={"order_id": order["id"], "payment_intent_id": f"pi_{uuid.uuid4().hex}", **facts},
    )
    outcome: str = answer["outcome"]
    return outcome


def paid(db: Database, order: Order) -> Order:
    """The same order, paid and confirmed."""
    assert settle(db, payment(db, order)) == "confirmed"
    return order


def state(db: Database, order: Order) -> tuple[str, str | None, str]:
    """(status, status_reason, payment_status) as the table has them."""
    status, reason, payment_status = db.rows(
        "select status, status_reason, payment_status from public.orders where id = %s", [order["id"]]
    )[0]
    return status, reason, payment_status


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
