"""A Stripe of few words: what it was asked, what it holds, and the news that it still has to bring."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.database import Database

SUCCEEDED, PENDING, FAILED = "succeeded", "pending", "failed"


@dataclass
class Charge:
    intent: str
    session: str
    order_id: str
    amount: int
    currency: str
    status: str
    shift: timedelta
    """Where the rules' clock stood when the money was charged."""


@dataclass
class Refund:
    id: str
    intent: str
    amount: int
    status: str
    own_id: str | None = None


@dataclass
class News:
    """One event on its way to us; it may be brought late, more than once, or in another order."""

    function: str
    kind: str
    subject: Charge | Refund
    id: str = field(default_factory=lambda: f"evt_{uuid.uuid4().hex}")


class Bank:
    """Charges and refunds as Stripe keeps them; `bring` tells us of one, read afresh as our services do."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.charges: dict[str, Charge] = {}
        self.refunds: dict[str, Refund] = {}
        self.news: list[News] = []
        self.brought: list[News] = []

    def charge(self, order: dict[str, Any], session: str, amount: int, status: str = SUCCEEDED) -> Charge:
        intent = f"pi_{uuid.uuid4().hex}"
        charge = Charge(intent, session, order["id"], amount, order["currency"], status, self.shift())
        self.charges[intent] = charge
        self.news.append(News("settle_payment", "checkout.session.completed", charge))
        return charge

    def decide(self, charge: Charge, *, succeeds: bool) -> None:
        """The end of a delayed payment."""
        charge.status, charge.shift = SUCCEEDED if succeeds else FAILED, self.shift()
        if succeeds:
            self.news.append(News("settle_payment", "checkout.session.async_payment_succeeded", charge))
        else:
            self.news.append(News("fail_payment", "checkout.session.async_payment_failed", charge))

    def decline(self, order: dict[str, Any], session: str) -> None:
        charge = Charge(
            f"pi_{uuid.uuid4().hex}", session, order["id"], 0, order["currency"], FAILED, self.shift()
        )
        self.news.append(News("fail_payment", "payment_intent.payment_failed", charge))

    def left(self, intent: str) -> int:
        """What a charge can still give back."""
        charge = self.charges[intent]
        taken = sum(
            each.amount for each in self.refunds.values() if each.intent == intent and each.status != FAILED
        )
        return charge.amount - taken if charge.status == SUCCEEDED else 0

    def refund(
        self, intent: str, amount: int, status: str = SUCCEEDED, own_id: str | None = None
    ) -> Refund | None:
        """None when refused. The same own id brings the same refund, as an idempotency key does."""
        for known in self.refunds.values():
            if own_id and known.own_id == own_id:
                return known
        if amount > self.left(intent):
            return None
        refund = Refund(f"re_{uuid.uuid4().hex}", intent, amount, status, own_id)
        self.refunds[refund.id] = refund
        self.news.append(News("settle_refund", "refund.created", refund))
        return refund

    def change(self, refund: Refund, status: str) -> None:
        refund.status = status
        self.news.append(
            News("settle_refund", f"refund.{'failed' if status == FAILED else 'updated'}", refund)
        )

    def bring(self, news: News) -> dict[str, Any]:
        """Hand one event to the function that our webhook calls."""
        facts = (
            self._refund_facts(news.subject)
            if isinstance(news.subject, Refund)
            else self._facts(news.subject)
        )
        answer: dict[str, Any] = self.db.service().call(
            news.function, stripe_event_id=news.id, event_type=news.kind, facts=facts
        )
        self.brought.append(news)
        if news in self.news:
            self.news.remove(news)
        return answer

    def shift(self) -> timedelta:
        shift: timedelta = self.db.value("select shift from private.clock")
        return shift

    def _facts(self, charge: Charge) -> dict[str, Any]:
        # Stripe's clock is the real one: the further ours has moved since, the longer ago it was.
        elapsed = self.shift() - charge.shift
        return {
            "session_id": charge.session,
            "session_status": "complete" if charge.amount else "open",
            "payment_status": "paid" if charge.status == SUCCEEDED else "unpaid",
            "order_id": charge.order_id,
            "payment_intent_id": charge.intent,
            "charge_id": f"ch_{charge.intent[3:]}",
            "amount_cents": charge.amount,
            "currency": charge.currency.lower(),
            "charged_at": (self.db.value("select now()") - elapsed).isoformat(),
        }

    def _refund_facts(self, refund: Refund) -> dict[str, Any]:
        return {
            "refund_id": refund.id,
            "own_id": refund.own_id,
            "payment_intent_id": refund.intent,
            "amount_cents": refund.amount,
            "status": refund.status,
            "failure_reason": "lost_or_stolen_card" if refund.status == FAILED else None,
        }


class Worker:
    """The job that asks for refunds; it may crash between any two steps."""

    def __init__(self, db: Database, bank: Bank) -> None:
        self.db, self.bank = db, bank

    def claim(self) -> list[dict[str, Any]]:
        claimed: list[dict[str, Any]] = self.db.service().call("claim_refunds")
        return claimed

    def ask(self, claimed: dict[str, Any], status: str = SUCCEEDED) -> Refund | None:
        """What the bank says; `failed` means that it refuses."""
        if status == FAILED:
            return None
        return self.bank.refund(claimed["payment_intent_id"], claimed["amount_cents"], status, claimed["id"])

    def record(self, claimed: dict[str, Any], refund: Refund | None) -> None:
        self.db.service().call(
            "record_refund",
            payment_id=claimed["id"],
            lease_token=claimed["lease_token"],
            outcome=refund.status if refund else FAILED,
            stripe_refund_id=refund.id if refund else None,
            error=None if refund else "charge_disputed",
        )

    def send(self, status: str = SUCCEEDED) -> int:
        """Every refund that is due, asked for and recorded; answers how many."""
        claimed = self.claim()
        for each in claimed:
            self.record(each, self.ask(each, status))
        return len(claimed)

    def crash(self) -> None:
        """Whatever was claimed and not recorded may be claimed again."""
        self.db.rows(
            "update public.payments set lease_until = now() - interval '1 hour' where lease_until is not null"
        )
