"""Orders and money by hand of a team: free seats, cash, bank transfers. None of it passes through Stripe."""

from __future__ import annotations

from uuid import UUID

from services import caller
from services.events import Quantities
from services.models.team_orders import Desk, DeskOrder, DeskQuote, ManualPayment, OpenOrderFile
from services.outside import database


def read(event_id: UUID, organizer: str) -> Desk:
    """What a team may give or sell at its event. Raises Refusal: not_found, not_permitted."""
    return Desk.model_validate(database.call("read_desk", event_id=event_id, organizer=organizer))


def quote(event_id: UUID, asked: Quantities, *, free: bool = False) -> DeskQuote:
    """What is to pay for seats that a team sells itself, or gives away.

    Raises Refusal: not_found, not_permitted, quantity_out_of_range, total_too_large, unknown_ticket_type.
    """
    lines = [{"ticket_type_id": id, "quantity": quantity} for id, quantity in asked.items()]
    return DeskQuote.model_validate(database.call("quote_desk", event_id=event_id, lines=lines, free=free))


def seat(event_id: UUID, order: DeskOrder, idempotency_key: str | None = None) -> OpenOrderFile:
    """Give somebody seats free of charge, or sell them; the order is confirmed and its mail on the way.

    Raises Refusal: not_found, not_permitted, sold_out, sale_closed, address_has_order,
    idempotency_key_reused and what is wrong with the order.
    """
    function, asked = "create_comp_order", order.model_dump(mode="json", exclude={"payment"})
    if order.payment != "comp":
        function, asked = "create_paid_order", {**asked, "method": order.payment}
    return OpenOrderFile.model_validate(
        database.call(
            function,
            event_id=event_id,
            locale=caller.current().locale,
            idempotency_key=idempotency_key,
            **asked,
        )
    )


def record_payment(reference: str, payment: ManualPayment) -> OpenOrderFile:
    """Note that an order was paid by hand, which confirms it.

    Raises Refusal: not_found, not_permitted, already_paid, payment_processing, cannot_be_paid, sale_closed,
    seats_gone.
    """
    return OpenOrderFile.model_validate(
        database.call("record_manual_payment", reference=reference, method=payment.method)
    )


def hand_back(reference: str) -> OpenOrderFile:
    """Note that what was paid by hand was handed back.

    Raises Refusal: nothing_owed, not_found, not_permitted.
    """
    return OpenOrderFile.model_validate(database.call("record_manual_refunds", reference=reference))
