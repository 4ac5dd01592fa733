"""The page a buyer sees: what is bought beside how it is paid. Plain forms, no JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from . import payments
from .api.endpoint import store
from .errors import StripeError
from .objects.charge import CARD_DECLINED, EXPIRED_CARD, INSUFFICIENT_FUNDS, Decline
from .payments import Payer
from .storage import Body

blueprint = Blueprint("checkout", __name__, url_prefix="/c/pay")

_DECLINED_CARDS = {
    "4000000000000002": CARD_DECLINED,
    "4000000000009995": INSUFFICIENT_FUNDS,
    "4000000000000069": EXPIRED_CARD,
}
"""Stripe's own test numbers."""


@blueprint.get("/<identifier>")
def show(identifier: str) -> ResponseReturnValue:
    session = payments.expire_if_due(store(), _session(identifier))
    if session["status"] != "open":
        return render_template("closed.html", session=session, back=_way_back(session))
    return render_template(
        "checkout.html",
        session=session,
        lines=_lines(identifier),
        problem=_problem(session),
        leave=_filled(session["cancel_url"], session),
        settle_seconds=round(store().settings.settle_seconds),
        open_until=datetime.fromtimestamp(session["expires_at"], UTC),
    )


@blueprint.post("/<identifier>")
def submit(identifier: str) -> ResponseReturnValue:
    try:
        session = _attempt(_session(identifier))
    except StripeError:  # closed meanwhile; the page says so
        return redirect(request.path, 303)
    return redirect(
        request.path if session["status"] == "open" else _filled(session["success_url"], session), 303
    )


def _attempt(session: Body) -> Body:
    payer = Payer(request.form.get("email") or None, request.form.get("name") or None)
    match request.form.get("outcome", "pay"):
        case "pay":
            reason = _decline_of(request.form.get("card", ""))
            if reason and session["amount_total"]:
                return payments.decline(store(), session["id"], payer, reason)
            return payments.pay(store(), session["id"], payer)
        case "decline":
            return payments.decline(store(), session["id"], payer)
        case "succeed_later":
            return payments.pay_later(store(), session["id"], payer, succeeds=True)
        case "fail_later":
            return payments.pay_later(store(), session["id"], payer, succeeds=False)
        case _:
            raise BadRequest


def _session(identifier: str) -> Body:
    return store().find(identifier, "checkout.session") or abort(404)


def _lines(identifier: str) -> list[Body]:
    private = store().private(identifier)
    pairs = zip(private["line_items"], private["descriptions"], strict=True)
    return [line | {"details": details} for line, details in pairs]


def _problem(session: Body) -> str | None:
    """Why the last try failed, in the words for the buyer."""
    intent = store().get(session["payment_intent"]) if session["payment_intent"] else None
    return intent["last_payment_error"]["message"] if intent and intent["last_payment_error"] else None


def _decline_of(card: str) -> Decline | None:
    return _DECLINED_CARDS.get("".join(card.split()))


def _way_back(session: Body) -> str:
    url = session["success_url"] if session["status"] == "complete" else session["cancel_url"]
    return _filled(url or session["success_url"], session)


def _filled(url: str | None, session: Body) -> str:
    return (url or "").replace("{CHECKOUT_SESSION_ID}", session["id"])
