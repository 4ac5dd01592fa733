"""Orders: choose, hold, pay, look, give back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import ORDER_COOKIE, STALE, drawn_again, me, signed_in
from blueprints.pages import order_form
from blueprints.pages.history import step_words
from services import checkouts, events, orders, payments
from services.models.orders import PlacedOrder, Preparation
from services.refusals import Refusal, Unavailable
from web import challenges
from web.limits import event_read_limit, order_attempt_limit, payment_return_limit

bp = Blueprint("orders", __name__)

ORDER_COOKIE_AGE = 400 * 24 * 3600  # seconds; the longest that browsers keep a cookie


@bp.get("/events/<slug>/orders/new")
@event_read_limit
def new(slug: str) -> ResponseReturnValue:
    try:
        asked = order_form.quantities(request.args)
        form = order_form.blank(asked, me(), request.args)
        preparation, errors = _prepared(slug, form)
    except Refusal as refusal:
        return _event_page(slug, refusal)
    return _form_page(preparation.event, preparation.quote, form, errors)


def _stale_page(slug: str) -> str:
    form = order_form.typed(request.form)
    preparation, errors = _prepared(slug, form)
    return _form_page(preparation.event, preparation.quote, form, errors | order_form.errors(STALE))


@bp.post("/events/<slug>/orders")
@order_attempt_limit
@drawn_again(_stale_page)
def create(slug: str) -> ResponseReturnValue:
    try:
        form = order_form.typed(request.form)
    except Refusal as refusal:
        return _event_page(slug, refusal)
    try:
        challenges.pass_or_refuse()
        draft = order_form.draft(order_form.event_id_of(request.form), form)
        placed = orders.place(draft, form["idempotency_key"])
    except Refusal as refusal:
        return _refused(slug, form, refusal)
    if placed.total_cents == 0 and "pay" in placed.can:
        checkouts.open_checkout(placed.reference)
    return _to_placed(placed)


@bp.get("/orders")
@signed_in
def index() -> ResponseReturnValue:
    return render_template("orders/index.html", page=orders.list_own(cursor=request.args.get("cursor")))


@bp.get("/orders/<reference>")
def show(reference: str) -> ResponseReturnValue:
    return render_template(
        "orders/show.html",
        order=orders.read(reference),
        step_words=step_words,
        returning="returning" in request.args,
    )


@bp.get("/orders/<reference>/status")
def status(reference: str) -> ResponseReturnValue:
    return jsonify(orders.read_state(reference).model_dump(mode="json"))


@bp.get("/orders/<reference>/access")
def access(reference: str) -> ResponseReturnValue:
    """The link in a guest's mail: this browser keeps the secret, and later addresses do not show it."""
    response = redirect(url_for(".show", reference=reference), 303)
    key = request.args.get("key", "")
    if orders.opens(reference, key):
        _keep_secret(response, reference, key)  # a mangled link does not take a good key's place
    return response


@bp.post("/orders/<reference>/checkout")
def checkout(reference: str) -> ResponseReturnValue:
    try:
        opened = checkouts.open_checkout(reference)
    except Refusal as refusal:
        return said_on_order(reference, refusal)
    if opened.checkout is None or opened.checkout.url is None:
        return redirect(url_for(".show", reference=reference), 303)
    return redirect(opened.checkout.url, 303)


@bp.get("/orders/<reference>/payment")
@payment_return_limit
def payment(reference: str) -> ResponseReturnValue:
    """Where Stripe sends the buyer back: what it says is settled at once, without waiting for the webhook."""
    session_id = request.args.get("session_id", "")
    address = url_for(".show", reference=reference)
    try:
        if session_id.startswith("cs_"):
            payments.settle_session(session_id, str(orders.read(reference).id))
    except (Refusal, Unavailable):
        # The webhook will tell; until then nobody should be asked to pay again.
        address = url_for(".show", reference=reference, returning="")
    return redirect(address, 303)


def _refused(slug: str, form: dict[str, Any], refusal: Refusal) -> ResponseReturnValue:
    """Show the form again with what was typed, or lead to where the way goes on."""
    if refusal.status in {401, 404}:
        raise refusal
    if refusal.word == "order_pending" and refusal.detail.get("reference"):
        flash(_("You already have an order here. Finish or withdraw it before you place another."))
        return redirect(url_for(".show", reference=refusal.detail["reference"]), 303)
    try:
        preparation, errors = _prepared(slug, form)
    except Refusal as second:
        return _event_page(slug, second, form)
    errors |= order_form.empty(request.form) | order_form.errors(refusal)
    return _form_page(preparation.event, preparation.quote, form, errors), refusal.status


def _prepared(slug: str, form: dict[str, Any]) -> tuple[Preparation, dict[str, str]]:
    """The event and the price; a code that does not count is said beside its field and left out."""
    try:
        return orders.prepare(slug, form["quantities"], form["promotion_code"]), {}
    except Refusal as refusal:
        errors = order_form.errors(refusal)
        if "promotion_code" not in errors:
            raise
        return orders.prepare(slug, form["quantities"]), errors


def _event_page(slug: str, refusal: Refusal, form: dict[str, Any] | None = None) -> ResponseReturnValue:
    """The event with what is wrong about the chosen seats."""
    if refusal.status in {401, 404}:
        raise refusal
    chosen = form or {"quantities": order_form.readable_quantities(request.values)}
    code = request.values.get("promotion_code", "").strip() or order_form.code_of(request.values)
    event = events.read_event(slug, code)
    full = event.sale == "sold_out" and refusal.word != "sold_out"
    errors = {} if full else order_form.errors(refusal)  # of a full house there is nothing else to say
    page = render_template("events/show.html", event=event, code=code, form=chosen, errors=errors)
    return page, refusal.status


def _form_page(event: Any, quote: Any, form: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template("orders/new.html", event=event, quote=quote, form=form, errors=errors)


def said_on_order(reference: str, refusal: Refusal) -> ResponseReturnValue:
    """What cannot be done to an order is said on its page, which shows what can."""
    if refusal.status in {401, 404}:
        raise refusal
    flash(refusal.sentence, "bad")
    return redirect(url_for("orders.show", reference=reference), 303)


def _to_placed(placed: PlacedOrder) -> ResponseReturnValue:
    response = redirect(url_for(".show", reference=placed.reference), 303)
    if placed.secret:
        _keep_secret(response, placed.reference, placed.secret)
    return response


def _keep_secret(response: Any, reference: str, secret: str) -> None:
    response.set_cookie(
        ORDER_COOKIE,
        secret,
        max_age=ORDER_COOKIE_AGE,
        path=url_for(".show", reference=reference),
        secure=current_app.config["SETTINGS"].https,
        httponly=True,
        samesite="Lax",
    )
