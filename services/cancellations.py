"""Giving seats up: refund first, then the seats. Buyers until the deadline, teams by right at any time."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from services import orders, refunds, team_orders
from services.models.orders import CancellationQuote, Order, RefundRequest
from services.outside import database
from services.refusals import Unavailable

Seats = list[UUID] | None  # attendees by id; None means all of them


def quote(reference: str, attendees: Seats = None) -> CancellationQuote:
    """What giving up seats would bring back, until when. Raises Refusal `not_found`, `attendee_unknown`."""
    return CancellationQuote.model_validate(
        database.call("quote_cancellation", reference=reference, attendees=attendees)
    )


def cancel(reference: str, attendees: Seats = None) -> Order:
    """Give up one's seats: held ones at once, paid ones when Stripe has accepted their refund.

    Raises Refusal: already_cancelled, cannot_cancel, payment_processing, cancellation_under_way,
    cancellation_deadline_passed, attendee_unknown, not_found.
    """
    answer = database.call("cancel_order", reference=reference, attendees=attendees)
    return _hasten(answer, lambda: orders.read(reference))


def refund(reference: str, request: RefundRequest) -> Order:
    """A team gives back money, alone or with the seats.

    Raises Refusal: not_found, not_permitted, reason_missing, cannot_cancel, cancellation_under_way,
    refund_exceeds_payment, money_moved, attendee_unknown,
    amount_or_seats, idempotency_key_reused.
    """
    answer = database.call("refund_order", reference=reference, **request.model_dump(mode="json"))
    return _hasten(answer, lambda: team_orders.read(reference).order)


def _hasten(answer: object, read_again: Callable[[], Order]) -> Order:
    """Ask Stripe here and now, so that whoever waits sees the end. Without an answer the worker goes on."""
    order = Order.model_validate(answer)
    if not any(payment.status == "requested" for payment in order.payments):
        return order
    try:
        refunds.send_due(reference=order.reference)
        return read_again()
    except Unavailable:
        return order
