"""Comparing Stripe's books with ours: what webhooks missed is settled through the same functions."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import structlog

from services import payments, refunds
from services.models.payments import StripeEvent
from services.models.reconciliation import Reconciliation
from services.outside import stripe

log = structlog.stdlib.get_logger("guichet.reconciliation")

# Outcomes that changed nothing, and outcomes that a person has to look at.
IN_ORDER = {"repeated", "nothing_to_do", "processing", "succeeded", "requested"}
BEYOND_REPAIR = {"unknown_order", "unknown_payment", "review"}


def reconcile(since: timedelta) -> Reconciliation:
    """Settle every session, refund, failure and dispute that Stripe has seen within `since`, and tell what
    came of it.

    Safe to repeat: what is settled already stays as it is. Raises Unavailable.
    """
    instant = int(time.time() - since.total_seconds())
    outcomes: Counter[str] = Counter()
    beyond: list[str] = []
    for session in stripe.checkouts_since(instant):
        if session["status"] == "complete":
            _note(payments.settle(session), session["id"], outcomes, beyond)
    for refund in stripe.refunds_since(instant):
        _note(refunds.settle(refund), refund["id"], outcomes, beyond)
    for told in stripe.events_since(instant, payments.TOLD_BY_EVENTS):
        event = StripeEvent.model_validate(told)
        _note(payments.note_event(event), event.id, outcomes, beyond)
    repaired = sum(outcomes[word] for word in outcomes.keys() - IN_ORDER - BEYOND_REPAIR)
    log.info("reconciled", repaired=repaired, beyond_repair=beyond, outcomes=dict(outcomes))
    return Reconciliation(compared=outcomes.total(), repaired=repaired, beyond_repair=beyond)


def reconcile_recent() -> int:
    """The last three hours, for the job loop: one run is a whole one, so nothing is left to handle."""
    reconcile(timedelta(hours=3))
    return 0


def _note(outcome: str, stripe_id: str, outcomes: Counter[str], beyond: list[str]) -> None:
    outcomes[outcome] += 1
    if outcome in BEYOND_REPAIR:
        beyond.append(f"{stripe_id}: {outcome}")
