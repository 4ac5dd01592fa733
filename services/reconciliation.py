"""Comparing Stripe's books with ours: what webhooks missed is settled through the same functions."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from services import payments, refunds
from services.models.payments import StripeEvent
from services.models.reconciliation import Reconciliation
from services.outside import stripe

log = structlog.stdlib.get_logger("guichet.reconciliation")

# What becomes of sessions and refunds days after they were made, when the bank has decided.
DECIDED_LATER = {
    "checkout.session.async_payment_succeeded": payments.settle_event,
    "refund.updated": refunds.settle_event,
    "refund.failed": refunds.settle_event,
}
# Outcomes that changed nothing, and outcomes that a person has to look at.
IN_ORDER = {"repeated", "nothing_to_do", "processing", "succeeded", "requested"}
BEYOND_REPAIR = {
    "unknown_order", "unknown_payment", "unknown_session", "unknown_refund", "unknown_dispute", "review",
}  # fmt: skip


def reconcile(since: timedelta) -> Reconciliation:
    """Settle every session, refund, failure and dispute that Stripe has seen within `since`, and what banks
    decided within it of older ones. Tells what came of it.

    Safe to repeat: what is settled already stays as it is. Raises Unavailable.
    """
    instant = int(time.time() - since.total_seconds())
    findings = _Findings()
    _compare_made(instant, findings)
    _compare_decided(instant, findings)
    _compare_told(instant, findings)
    found = findings.summary()
    log.info("reconciled", **found.model_dump(), outcomes=dict(findings.outcomes))
    return found


def reconcile_recent() -> int:
    """The last three hours, for the job loop: one run is a whole one, so nothing is left to handle."""
    reconcile(timedelta(hours=3))
    return 0


def _compare_made(instant: int, findings: _Findings) -> None:
    for session in stripe.checkouts_since(instant):
        if session["status"] == "complete":
            findings.note(session["id"], payments.settle(session))
    for refund in stripe.refunds_since(instant):
        findings.note(refund["id"], refunds.settle(refund))


def _compare_decided(instant: int, findings: _Findings) -> None:
    for told in stripe.events_since(instant, list(DECIDED_LATER)):
        event = StripeEvent.model_validate(told)
        if event.data.object.id not in findings.compared:
            findings.note(event.data.object.id, DECIDED_LATER[event.type](event))


def _compare_told(instant: int, findings: _Findings) -> None:
    for told in stripe.events_since(instant, payments.TOLD_BY_EVENTS):
        event = StripeEvent.model_validate(told)
        findings.note(event.id, payments.note_event(event))


@dataclass
class _Findings:
    """What was compared so far, by Stripe's ids, and what came of it."""

    compared: set[str] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    beyond_repair: list[str] = field(default_factory=list)

    def note(self, stripe_id: str, outcome: str) -> None:
        self.compared.add(stripe_id)
        self.outcomes[outcome] += 1
        if outcome in BEYOND_REPAIR:
            self.beyond_repair.append(f"{stripe_id}: {outcome}")

    def summary(self) -> Reconciliation:
        repaired = sum(self.outcomes[word] for word in self.outcomes.keys() - IN_ORDER - BEYOND_REPAIR)
        return Reconciliation(
            compared=self.outcomes.total(), repaired=repaired, beyond_repair=self.beyond_repair
        )
