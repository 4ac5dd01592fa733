"""Orders of buyers: hold seats, look, give back. The rules are Postgres's; their words come as Refusals."""

from __future__ import annotations

import re

from services import caller
from services.events import Quantities, lines_of
from services.models.orders import (
    Naming,
    OpenOrder,
    Order,
    OrderDraft,
    OrderPage,
    OrderState,
    PlacedOrder,
    Preparation,
)
from services.outside import database
from services.refusals import Refusal

ORDER_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def prepare(slug: str, quantities: Quantities, code: str | None = None) -> Preparation:
    """The event and what the chosen seats cost.

    Raises Refusal: sold_out, and the words of read_event and quote.
    """
    preparation = Preparation.model_validate(
        database.call("prepare_order", slug=slug, lines=lines_of(quantities), code=code)
    )
    # Placing the order decides; this spares whoever comes too late the form before it.
    for ticket_type in preparation.event.ticket_types:
        left = ticket_type.left
        if left is not None and left < quantities.get(str(ticket_type.id), 0):
            raise Refusal("sold_out", 409, {"left": left, "ticket_type_id": str(ticket_type.id)})
    return preparation


def place(draft: OrderDraft, idempotency_key: str | None = None) -> PlacedOrder:
    """Hold seats. The same key with the same draft answers the first order again.

    From here on the caller acts as the order's guest, if it is one. Raises Refusal: sold_out, sale_closed,
    order_pending, too_many_orders, idempotency_key_reused and what is wrong with the draft.
    """
    placed = PlacedOrder.model_validate(
        database.call(
            "place_order",
            **draft.model_dump(mode="json"),
            locale=caller.current().locale,
            idempotency_key=idempotency_key,
        )
    )
    if placed.secret:
        caller.present_order_secret(placed.secret)
    return placed


def read(reference: str) -> OpenOrder:
    """One order of the caller, with its history. Raises Refusal `not_found`."""
    return OpenOrder.model_validate(database.call("read_order", reference=reference))


def opens(reference: str, secret: str) -> bool:
    """Whether a secret opens an order; the caller then acts as its guest."""
    if not ORDER_SECRET.fullmatch(secret):
        return False
    caller.present_order_secret(secret)
    try:
        read_state(reference)
    except Refusal:
        return False
    return True


def read_state(reference: str) -> OrderState:
    """What changes by itself in one order of the caller. Raises Refusal `not_found`."""
    return OrderState.model_validate(database.call("read_order_state", reference=reference))


def name_attendees(reference: str, naming: Naming) -> Order:
    """Say who sits in seats of one's order.

    Raises Refusal: not_found, names_fixed, attendees_invalid, attendee_unknown, edited_meanwhile.
    """
    return Order.model_validate(
        database.call(
            "name_attendees", reference=reference, **naming.model_dump(mode="json", exclude_unset=True)
        )
    )


def list_own(page_size: int | None = None, cursor: str | None = None) -> OrderPage:
    """The caller's orders, first what is coming, then what is over. Raises Refusal `cursor_invalid`."""
    return OrderPage.model_validate(database.call("list_orders", page_size=page_size, cursor=cursor))
