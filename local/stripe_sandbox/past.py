"""Payments made before this sandbox was there, so that sample data can be refunded. No event tells of it."""

from __future__ import annotations

from dataclasses import dataclass

from .objects.charge import CARD, balance_transaction, charge, outcome
from .objects.payment_intent import payment_intent
from .storage import Store


@dataclass(frozen=True)
class PastPayment:
    """A payment by card that succeeded; `created` in seconds since 1970."""

    payment_intent: str
    amount: int
    currency: str
    created: int


def remember(store: Store, payments: list[PastPayment]) -> int:
    """Add those that are not known yet. Returns how many."""
    with store.transaction():
        unknown = [each for each in payments if store.find(each.payment_intent) is None]
        for payment in unknown:
            _add(store, payment)
    return len(unknown)


def _add(store: Store, payment: PastPayment) -> None:
    session = {"currency": payment.currency, "customer": None, "payment_method_types": ["card"]}
    intent = payment_intent(session, {}, payment.amount) | {"id": payment.payment_intent}
    paid = charge(intent, CARD, None, created=payment.created)
    entry = store.add(balance_transaction(paid, payment.amount, "charge"))
    paid |= {
        "amount_captured": payment.amount,
        "balance_transaction": entry["id"],
        "captured": True,
        "outcome": outcome(None),
        "paid": True,
        "status": "succeeded",
    }
    store.add(paid)
    store.add(
        intent
        | {
            "amount_received": payment.amount,
            "created": payment.created,
            "latest_charge": paid["id"],
            "payment_method": paid["payment_method"],
            "status": "succeeded",
        }
    )
