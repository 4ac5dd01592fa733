"""The life of a payment: what happens to session, intent and charge, and which events tell of it.

Every function here runs inside one transaction of its own or of its caller.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from .errors import missing, refused
from .events import emit
from .objects.charge import (
    BANK_DEBIT,
    CARD,
    CARD_DECLINED,
    DEBIT_FAILED,
    Decline,
    balance_transaction,
    charge,
    outcome,
    payment_error,
)
from .objects.payment_intent import payment_intent
from .objects.session import customer_details
from .storage import Body, Store


@dataclass(frozen=True)
class Payer:
    """Who pays, as typed on the Checkout page."""

    email: str | None = None
    name: str | None = None


def pay(
    store: Store, session_id: str, payer: Payer, *, amount: int | None = None, charged_at: int | None = None
) -> Body:
    """Pay an open session by card; tests may charge another amount, or at another time."""
    with store.transaction():
        session = _open_session(store, session_id)
        if session["payment_status"] == "no_payment_required":
            return _complete(store, session, payer, "no_payment_required")
        intent = _intent(store, session, amount)
        charged = _attempt(store, session, intent, CARD, payer, charged_at)
        _charge_succeeds(store, charged)
        return _complete(store, session, payer, "paid")


def decline(store: Store, session_id: str, payer: Payer, reason: Decline = CARD_DECLINED) -> Body:
    """The card is declined; the session stays open for another try."""
    with store.transaction():
        session = _open_session(store, session_id)
        intent = _intent(store, session)
        _charge_fails(store, _attempt(store, session, intent, CARD, payer), reason)
        return store.get(session_id)


def pay_later(
    store: Store, session_id: str, payer: Payer, *, succeeds: bool, seconds: float | None = None
) -> Body:
    """Pay by bank debit: the session completes unpaid now, the money is there (or not) some seconds later."""
    with store.transaction():
        session = _open_session(store, session_id)
        intent = _intent(store, session)
        pending = _attempt(store, session, intent, BANK_DEBIT, payer)
        emit(store, "charge.pending", pending)
        emit(store, "payment_intent.processing", store.change(intent["id"], status="processing"))
        wait = store.settings.settle_seconds if seconds is None else seconds
        store.set_timer(intent["id"], "settle" if succeeds else "fail", time.time() + wait)
        return _complete(store, session, payer, "unpaid")


def settle(store: Store, intent_id: str, *, succeeds: bool) -> Body:
    """The bank has decided about a delayed payment."""
    with store.transaction():
        intent = store.find(intent_id, "payment_intent")
        if intent is None:
            raise missing("payment_intent", intent_id)
        if intent["status"] != "processing":
            raise refused(f"This PaymentIntent is {intent['status']}, not processing.")
        store.stop_timers(intent_id)
        pending = store.get(intent["latest_charge"])
        (session,) = store.related("checkout.session", payment_intent=intent_id)
        if succeeds:
            _charge_succeeds(store, pending)
            session = store.change(session["id"], payment_status="paid")
            emit(store, "checkout.session.async_payment_succeeded", session)
        else:
            _charge_fails(store, pending, DEBIT_FAILED)
            emit(store, "checkout.session.async_payment_failed", session)
        return store.get(intent_id)


def expire(store: Store, session_id: str) -> Body:
    """Close an open session for good; an intent that was tried in vain is cancelled."""
    with store.transaction():
        session = store.get(session_id)
        if session["status"] != "open":
            raise refused(
                'Only Checkout Sessions with a status in ["open"] can be expired. '
                f"This Checkout Session has a status of {session['status']}."
            )
        store.stop_timers(session_id)
        if session["payment_intent"]:
            cancelled: dict[str, Any] = {"status": "canceled", "canceled_at": int(time.time())}
            intent = store.change(session["payment_intent"], cancellation_reason="automatic", **cancelled)
            emit(store, "payment_intent.canceled", intent)
        session = store.change(session_id, status="expired", url=None)
        emit(store, "checkout.session.expired", session)
        return session


def expire_if_due(store: Store, session: Body) -> Body:
    """The session as it is now: the clock may be a moment behind its `expires_at`."""
    if session["status"] == "open" and session["expires_at"] <= time.time():
        return expire(store, session["id"])
    return session


def _open_session(store: Store, session_id: str) -> Body:
    session = store.find(session_id, "checkout.session")
    if session is None:
        raise missing("checkout.session", session_id)
    if session["status"] != "open" or session["expires_at"] <= time.time():
        raise refused("This Checkout Session is no longer open.")
    return session


def _intent(store: Store, session: Body, amount: int | None = None) -> Body:
    """The session's intent: made by the first attempt, used again by the next ones."""
    if session["payment_intent"]:
        return store.get(session["payment_intent"])
    asked = store.private(session["id"]).get("payment_intent_data", {})
    intent = store.add(payment_intent(session, asked, amount or session["amount_total"]))
    store.change(session["id"], payment_intent=intent["id"])
    emit(store, "payment_intent.created", intent)
    return intent


def _attempt(
    store: Store, session: Body, intent: Body, method: Body, payer: Payer, charged_at: int | None = None
) -> Body:
    details = customer_details(session, payer.email, payer.name)
    attempted = store.add(charge(intent, method, details, created=charged_at))
    store.change(intent["id"], latest_charge=attempted["id"])
    return attempted


def _charge_succeeds(store: Store, pending: Body) -> None:
    entry = store.add(balance_transaction(pending, pending["amount"], "charge"))
    succeeded = store.change(
        pending["id"],
        amount_captured=pending["amount"],
        balance_transaction=entry["id"],
        captured=True,
        outcome=outcome(None),
        paid=True,
        status="succeeded",
    )
    emit(store, "charge.succeeded", succeeded)
    intent = store.change(
        pending["payment_intent"],
        amount_received=pending["amount"],
        last_payment_error=None,
        payment_method=pending["payment_method"],
        status="succeeded",
    )
    emit(store, "payment_intent.succeeded", intent)


def _charge_fails(store: Store, pending: Body, reason: Decline) -> None:
    failed = store.change(
        pending["id"],
        failure_code=reason.code,
        failure_message=reason.message,
        outcome=outcome(reason),
        status="failed",
    )
    emit(store, "charge.failed", failed)
    intent = store.change(
        pending["payment_intent"],
        last_payment_error=payment_error(failed, reason),
        payment_method=None,
        status="requires_payment_method",
    )
    emit(store, "payment_intent.payment_failed", intent)


def _complete(store: Store, session: Body, payer: Payer, payment_status: str) -> Body:
    store.stop_timers(session["id"])
    completed = store.change(
        session["id"],
        customer_details=customer_details(session, payer.email, payer.name),
        payment_status=payment_status,
        status="complete",
        url=None,
    )
    emit(store, "checkout.session.completed", completed)
    return completed
