"""What a team does by hand: takes money, gives seats away, sells them at the desk."""

from __future__ import annotations

import uuid
from typing import Any

from tests.database import Database, Person
from tests.sql.events import Event
from tests.sql.orders import Order, guest, line


def pay(db: Database, person: Person, order: Order, method: str = "cash") -> Any:
    return db.person(person).call("record_manual_payment", reference=order["reference"], method=method)


def comp(db: Database, person: Person, show: Event, seat: uuid.UUID, quantity: int = 1, **more: Any) -> Any:
    arguments = {"buyer": guest("Gus"), **more}
    return db.person(person).call(
        "create_comp_order", event_id=show.id, lines=[line(seat, quantity)], **arguments
    )


def sell(db: Database, person: Person, show: Event, seat: uuid.UUID, quantity: int = 1, **more: Any) -> Any:
    arguments = {"buyer": guest("Gus"), "method": "cash", **more}
    return db.person(person).call(
        "create_paid_order", event_id=show.id, lines=[line(seat, quantity)], **arguments
    )


def money(db: Database, order: Order) -> list[tuple[str, str, str, int]]:
    return db.rows(
        "select kind, method, status, amount_cents from public.payments"
        " where order_id = %s order by amount_cents desc",
        [order["id"]],
    )
