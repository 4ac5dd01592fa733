"""Money on its way back, and sometimes back again."""

from __future__ import annotations

import time

from .errors import missing, refused
from .events import emit
from .money import written
from .objects.charge import balance_transaction
from .objects.refund import refund
from .storage import Body, Store


def give_back(
    store: Store,
    charge: Body,
    amount: int | None = None,
    *,
    reason: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Body:
    """Refund a charge, all of it when no amount is named; cards at once, bank debits after a while."""
    with store.transaction():
        left = charge["amount_captured"] - charge["amount_refunded"]
        if left == 0:
            raise refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
        if any(dispute["status"] != "won" for dispute in store.related("dispute", charge=charge["id"])):
            raise refused(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
            )
        asked = left if amount is None else amount
        if asked > left:
            currency = charge["currency"]
            raise refused(
                f"Refund amount ({written(asked, currency)}) is greater than "
                f"unrefunded amount on charge ({written(left, currency)})",
                param="amount",
            )
        made = store.add(refund(charge, asked, reason=reason, metadata=metadata or {}))
        entry = store.add(balance_transaction(made, -asked, "refund"))
        made = store.change(made["id"], balance_transaction=entry["id"])
        _count(store, charge, asked)
        if charge["payment_method_details"]["type"] == "card":
            made = store.change(made["id"], status="succeeded")
        else:
            store.set_timer(made["id"], "arrive", time.time() + store.settings.settle_seconds)
        emit(store, "refund.created", made)
        emit(store, "charge.refunded", store.get(charge["id"]))
        return made


def succeed(store: Store, refund_id: str) -> Body:
    """A pending refund has arrived."""
    with store.transaction():
        if _refund(store, refund_id)["status"] != "pending":
            raise refused("Only a pending refund can succeed.")
        store.stop_timers(refund_id)
        arrived = store.change(refund_id, status="succeeded")
        _tell_of_update(store, arrived)
        return arrived


def fail(store: Store, refund_id: str, why: str = "expired_or_canceled_card") -> Body:
    """The bank sends a refund back, even one that had succeeded: the money is the seller's again."""
    with store.transaction():
        made = _refund(store, refund_id)
        if made["status"] not in ("pending", "succeeded"):
            raise refused(f"This refund is {made['status']}; it cannot fail any more.")
        store.stop_timers(refund_id)
        entry = store.add(balance_transaction(made, made["amount"], "refund_failure"))
        failed = store.change(
            refund_id, status="failed", failure_reason=why, failure_balance_transaction=entry["id"]
        )
        _count(store, store.get(made["charge"]), -made["amount"])
        emit(store, "refund.failed", failed)
        _tell_of_update(store, failed)
        return failed


def _refund(store: Store, refund_id: str) -> Body:
    made = store.find(refund_id, "refund")
    if made is None:
        raise missing("refund", refund_id)
    return made


def _count(store: Store, charge: Body, amount: int) -> None:
    refunded = charge["amount_refunded"] + amount
    store.change(charge["id"], amount_refunded=refunded, refunded=refunded == charge["amount_captured"])


def _tell_of_update(store: Store, changed: Body) -> None:
    emit(store, "refund.updated", changed)
    emit(store, "charge.refund.updated", changed)
