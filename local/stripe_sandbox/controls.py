"""Levers for tests and people, under /_sandbox/: JSON in and out; plain forms lead back to the overview."""

from __future__ import annotations

import random
from typing import Any

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from . import disputes, faults, payments, refunds, webhooks
from .api.endpoint import refuse, store
from .errors import StripeError, missing, refused
from .objects.charge import CARD_DECLINED
from .past import PastPayment
from .past import remember as remember_payments
from .payments import Payer
from .storage import Body, field_is

blueprint = Blueprint("controls", __name__, url_prefix="/_sandbox")
blueprint.register_error_handler(StripeError, refuse)


@blueprint.errorhandler(TypeError)
@blueprint.errorhandler(ValueError)
def misunderstood(error: Exception) -> ResponseReturnValue:
    """A lever was pulled with parameters it does not know."""
    return jsonify(error={"message": str(error)}), 400


@blueprint.post("/reset")
def reset() -> ResponseReturnValue:
    """Forget everything; no webhook of before arrives afterwards."""
    webhooks.stop(store())
    store().clear()
    return _answer({"reset": True})


@blueprint.get("/events")
def events() -> ResponseReturnValue:
    """What happened, newest first, with deliveries and how the endpoint answered; `?type=` filters."""
    kind = request.args.get("type")
    found = store().listed("event", [(field_is("type"), kind)] if kind else [], limit=1000)
    return jsonify([event | {"deliveries": webhooks.deliveries(store(), event["id"])} for event in found])


@blueprint.post("/events/<identifier>/send")
def send(identifier: str) -> ResponseReturnValue:
    """Send an event (again), and answer with what the endpoint said."""
    if store().find(identifier, "event") is None:
        raise missing("event", identifier)
    return _answer(webhooks.send_again(store(), identifier))


@blueprint.post("/webhooks/release")
def release() -> ResponseReturnValue:
    """Send what is held, one by one, in `order`: happened, reversed, shuffled (`seed`) or a list of ids."""
    options = _options(order="happened", seed=0)
    sent = webhooks.release(store(), _ordered(options["order"], options["seed"]))
    return jsonify(sent)


@blueprint.get("/faults")
def list_faults() -> ResponseReturnValue:
    return jsonify(faults.listed(store()))


@blueprint.post("/faults/api")
def spoil_calls() -> ResponseReturnValue:
    """Spoil the next `times` API calls that match: see ApiFault; `times: null` means until cleared."""
    rule = _options(
        times=1, effect="server_error", method="*", path="*", moment="before", seconds=0, remembered=False
    )
    times = rule.pop("times")
    faults.add_api_fault(store(), faults.ApiFault(**rule), times)
    return jsonify(faults.listed(store())), 201


@blueprint.post("/faults/webhooks")
def spoil_webhooks() -> ResponseReturnValue:
    """Hold, drop, duplicate or delay the next `times` events: see WebhookRule; by default until cleared."""
    rule = _options(times=None, effect="hold", types=["*"], copies=1, seconds=0)
    times = rule.pop("times")
    faults.add_webhook_rule(store(), faults.WebhookRule(**rule), times)
    return jsonify(faults.listed(store())), 201


@blueprint.delete("/faults/<any(api, webhooks):target>")
def clear_faults(target: faults.Target) -> ResponseReturnValue:
    faults.clear(store(), target)
    return jsonify(faults.listed(store()))


@blueprint.post("/payments")
def remember() -> ResponseReturnValue:
    """Add payments of the past: {payments: [{payment_intent, amount, currency, created}]}."""
    past = [PastPayment(**payment) for payment in _options(payments=[])["payments"]]
    return jsonify({"added": remember_payments(store(), past)}), 201


@blueprint.post("/sessions/<identifier>/pay")
def pay(identifier: str) -> ResponseReturnValue:
    """Pay without a browser; `amount` and `charged_at` (seconds since 1970) may be odd on purpose."""
    options = _options(email=None, name=None, amount=None, charged_at=None)
    payer = Payer(options["email"], options["name"])
    return _answer(
        payments.pay(store(), identifier, payer, amount=options["amount"], charged_at=options["charged_at"])
    )


@blueprint.post("/sessions/<identifier>/decline")
def decline(identifier: str) -> ResponseReturnValue:
    return _answer(payments.decline(store(), identifier, Payer(), CARD_DECLINED))


@blueprint.post("/sessions/<identifier>/pay_later")
def pay_later(identifier: str) -> ResponseReturnValue:
    """Pay by bank debit, which `succeeds` (or not) after `seconds`; by default after the usual delay."""
    options = _options(succeeds=True, seconds=None)
    return _answer(
        payments.pay_later(
            store(), identifier, Payer(), succeeds=options["succeeds"], seconds=options["seconds"]
        )
    )


@blueprint.post("/sessions/<identifier>/expire")
def expire(identifier: str) -> ResponseReturnValue:
    """Let a session lapse now, as its time would."""
    if store().find(identifier, "checkout.session") is None:
        raise missing("checkout.session", identifier)
    return _answer(payments.expire(store(), identifier))


@blueprint.post("/payment_intents/<identifier>/settle")
def settle(identifier: str) -> ResponseReturnValue:
    """The bank decides about a delayed payment now."""
    return _answer(payments.settle(store(), identifier, succeeds=_options(succeeds=True)["succeeds"]))


@blueprint.post("/payment_intents/<identifier>/fail")
def fail(identifier: str) -> ResponseReturnValue:
    return _answer(payments.settle(store(), identifier, succeeds=False))


@blueprint.post("/payment_intents/<identifier>/refund")
def refund(identifier: str) -> ResponseReturnValue:
    """Refund as somebody would in Stripe's dashboard."""
    options = _options(amount=None, reason="requested_by_customer")
    intent = store().find(identifier, "payment_intent")
    if intent is None:
        raise missing("payment_intent", identifier)
    if intent["status"] != "succeeded":
        raise refused("This PaymentIntent does not have a successful charge to refund.")
    charge = store().get(intent["latest_charge"])
    return _answer(refunds.give_back(store(), charge, options["amount"], reason=options["reason"]))


@blueprint.post("/refunds/<identifier>/succeed")
def refund_succeeds(identifier: str) -> ResponseReturnValue:
    return _answer(refunds.succeed(store(), identifier))


@blueprint.post("/refunds/<identifier>/fail")
def refund_fails(identifier: str) -> ResponseReturnValue:
    """The bank sends the refund back, even one that had succeeded."""
    return _answer(refunds.fail(store(), identifier, _options(reason="expired_or_canceled_card")["reason"]))


@blueprint.post("/charges/<identifier>/dispute")
def dispute(identifier: str) -> ResponseReturnValue:
    return _answer(disputes.open_dispute(store(), identifier, _options(reason="fraudulent")["reason"]))


@blueprint.post("/disputes/<identifier>/decide")
def decide(identifier: str) -> ResponseReturnValue:
    return _answer(disputes.decide(store(), identifier, won=_options(won=True)["won"]))


def _options(**defaults: Any) -> dict[str, Any]:
    """The request's JSON over the defaults; raises ValueError for what no default names."""
    given = request.get_json(silent=True) or {}
    if not isinstance(given, dict) or not given.keys() <= defaults.keys():
        raise ValueError(f"The options here are: {', '.join(defaults)}.")
    return defaults | given


def _answer(body: Body) -> ResponseReturnValue:
    if request.mimetype == "application/x-www-form-urlencoded":
        return redirect("/", 303)
    return jsonify(body)


def _ordered(order: Any, seed: int) -> list[str]:
    if isinstance(order, list):
        return order
    held = webhooks.held_events(store())
    if order == "reversed":
        held.reverse()
    elif order == "shuffled":
        random.Random(seed).shuffle(held)
    elif order != "happened":
        raise ValueError("order is happened, reversed, shuffled or a list of event ids.")
    return held
