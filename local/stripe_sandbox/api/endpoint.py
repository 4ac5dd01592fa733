"""What all endpoints share: the key, the form, expansion, idempotency, bad luck, and Stripe's headers."""

from __future__ import annotations

import base64
import hmac
import json
import socket
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request

from .. import faults, forms, idempotency
from ..errors import StripeError, unauthorized
from ..expansion import expanded
from ..idempotency import Answer, Call
from ..identifiers import new_id
from ..objects.event import API_VERSION
from ..storage import Body, Store

Params = dict[str, Any]
View = Callable[..., Body]


class Endpoints:
    """The endpoints of one resource; a view takes the decoded parameters and the ids in the path."""

    def __init__(self) -> None:
        self._views: list[tuple[str, str, View]] = []

    def get(self, rule: str) -> Callable[[View], View]:
        return self._collect("GET", rule)

    def post(self, rule: str) -> Callable[[View], View]:
        return self._collect("POST", rule)

    def register(self, blueprint: Blueprint) -> None:
        for method, rule, view in self._views:
            blueprint.add_url_rule(
                rule, f"{method} {rule}".replace(".", " "), _responder(view), methods=[method]
            )

    def _collect(self, method: str, rule: str) -> Callable[[View], View]:
        def remember(view: View) -> View:
            self._views.append((method, rule, view))
            return view

        return remember


def store() -> Store:
    """The store of the running sandbox."""
    kept: Store = current_app.extensions["store"]
    return kept


def prepare(blueprint: Blueprint) -> None:
    """Authentication, headers and errors for every endpoint."""
    blueprint.before_request(_identify)
    blueprint.after_request(_sign)
    blueprint.register_error_handler(StripeError, refuse)
    blueprint.register_error_handler(faults.ConnectionCut, _cut)


def refuse(error: StripeError) -> tuple[Response, int]:
    """The error as Stripe writes it."""
    return jsonify(error=error.error), error.status


def _responder(view: View) -> Callable[..., Response]:
    def respond(**ids: str) -> Response:
        fault = faults.take_for_call(store(), request.method, request.path)
        answer = _answer(view, ids, fault if fault and fault.moment == "before" else None)
        if fault and fault.moment == "after":
            fault.strike()
        return _response(answer)

    return respond


def _answer(view: View, ids: dict[str, str], fault: faults.ApiFault | None) -> Answer:
    params = forms.decode((request.args if request.method == "GET" else request.form).items(multi=True))
    expand = params.pop("expand", [])

    def act() -> Body:
        if fault and fault.remembered:
            fault.strike()
        return expanded(store(), view(params, **ids), expand)

    if fault and not fault.remembered:
        fault.strike()
    if request.method == "GET":
        return Answer(200, json.dumps(act()), g.request_id)
    call = Call(g.idempotency_key, request.path, params | {"expand": expand}, g.request_id)
    return idempotency.answer(store(), call, act)


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, mimetype="application/json")
    if answer.replayed:
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Original-Request"] = answer.request_id
    return response


def _identify() -> None:
    g.request_id = new_id("request")
    g.idempotency_key = request.headers.get("Idempotency-Key")
    given = _given_key()
    if not given:
        raise unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if not hmac.compare_digest(given.encode(), store().settings.secret_key.encode()):
        raise unauthorized(f"Invalid API Key provided: {given[:8]}{'*' * 8}{given[-4:]}")


def _given_key() -> str:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials).decode().partition(":")[0]
        except ValueError:
            return ""
    return ""


def _sign(response: Response) -> Response:
    response.headers["Request-Id"] = g.request_id
    response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
    if g.idempotency_key:
        response.headers["Idempotency-Key"] = g.idempotency_key
    return response


def _cut(_: faults.ConnectionCut) -> Response:
    """Hang up: the client sees a broken connection, as it would after its own time-out."""
    wire: socket.socket = request.environ["gunicorn.socket"]
    wire.shutdown(socket.SHUT_RDWR)
    return Response(status=504)
