"""A buyer turns to their bank, and the bank decides."""

from __future__ import annotations

from .errors import missing, refused
from .events import emit
from .objects.dispute import dispute
from .storage import Body, Store


def open_dispute(store: Store, charge_id: str, reason: str = "fraudulent") -> Body:
    """The buyer disputes a charge; its money is withdrawn until the bank decides."""
    with store.transaction():
        charge = store.find(charge_id, "charge")
        if charge is None:
            raise missing("charge", charge_id)
        if not charge["paid"] or charge["disputed"]:
            raise refused("Only a paid charge can be disputed, and only once.")
        opened = store.add(dispute(charge, reason))
        store.change(charge_id, disputed=True)
        emit(store, "charge.dispute.created", opened)
        emit(store, "charge.dispute.funds_withdrawn", opened)
        return opened


def decide(store: Store, dispute_id: str, *, won: bool) -> Body:
    """The bank has decided; when the seller won, the money is theirs again."""
    with store.transaction():
        opened = store.find(dispute_id, "dispute")
        if opened is None:
            raise missing("dispute", dispute_id)
        if opened["status"] in ("won", "lost"):
            raise refused(f"This dispute is {opened['status']} already.")
        decided = store.change(dispute_id, status="won" if won else "lost")
        if won:
            emit(store, "charge.dispute.funds_reinstated", decided)
        emit(store, "charge.dispute.closed", decided)
        return decided
