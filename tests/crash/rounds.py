"""Several steps of one flow in one process, as a worker takes them."""

from __future__ import annotations

from typing import Any

from services import cancellations, checkouts, jobs, payments, refunds
from services.models.orders import RefundRequest


def refund(reference: str, asked: dict[str, Any]) -> None:
    """Give money back as a team."""
    cancellations.refund(reference, RefundRequest(**asked))


def call_off() -> None:
    """Work off the orders of events that were called off: refunds, then sessions that are still open."""
    jobs.settle_cancelled_events()
    refunds.send_due()
    checkouts.close_due()


def settle_and_give_back(session_id: str, order_id: str) -> None:
    """Take a payment, and give it back if it came too late."""
    payments.settle_session(session_id, order_id)
    refunds.send_due()
