"""What someone in a crowd may attempt: each on a connection of their own, all at the same instant."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.database import Database
from tests.sql import events
from tests.sql.orders import Order, guest, holding, payment, place, settle

Attempt = Callable[[Database], Any]


def buying(event: events.Event, ticket_type: uuid.UUID, quantity: int = 1, **arguments: Any) -> Attempt:
    """A guest of their own who asks for seats; answers the order's reference."""
    buyer = arguments.pop("buyer", None) or guest()
    return lambda db: place(db.visitor(), event, ticket_type, quantity, buyer=buyer, **arguments)["reference"]


def paying(order: Order, stripe_event_id: str | None = None, **facts: Any) -> Attempt:
    """Stripe tells that an order was paid; answers the outcome."""
    return lambda db: settle(db, payment(db, order, **facts), stripe_event_id)


def giving_back(order: Order) -> Attempt:
    return lambda db: holding(db, order).call("cancel_order", reference=order["reference"])["status"]


def editing(table: str, row: uuid.UUID | str, **columns: Any) -> Attempt:
    """Someone edits a row in the dashboard; answers nothing."""
    return lambda db: events.edit(db, table, row, **columns)


def sweeping(batch: int) -> Attempt:
    return lambda db: db.service().call("expire_holds", batch=batch)["expired"]


def words(answers: list[Any]) -> Counter[str]:
    """How often each refusal came, and how often an order ("held")."""
    return Counter("held" if each.startswith("GC") else each for each in answers)
