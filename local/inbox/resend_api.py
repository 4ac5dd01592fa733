"""Resend's own endpoints: `POST /emails`, `POST /emails/batch`, `GET /emails/{id}`."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from local.inbox.failures import Dropped
from local.inbox.messages import Message
from local.inbox.settings import Settings
from local.inbox.store import KeyReused, Store
from local.inbox.validation import Problem, message_from

LARGEST_BATCH = 100
bp = Blueprint("resend", __name__)


def store() -> Store:
    found: Store = current_app.extensions["inbox.store"]
    return found


@bp.before_request
def know_the_key() -> None:
    settings: Settings = current_app.extensions["inbox.settings"]
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Problem(401, "missing_api_key", "Missing API key in the authorization header.")
    if not hmac.compare_digest(key.strip().encode(), settings.api_key.encode()):
        raise Problem(403, "invalid_api_key", "API key is invalid.")


@contextmanager
def bad_luck() -> Iterator[None]:
    """Meet the failure planned for this send, if there is one, before or after accepting it."""
    failure = store().next_failure()
    if failure:
        failure.before_accepting()
    yield
    if failure:
        failure.after_accepting()


@bp.post("/emails")
def send() -> ResponseReturnValue:
    with bad_luck():
        body = _body()
        message = message_from(body)
        return jsonify(_accept([message], body, {"id": message.id}))


@bp.post("/emails/batch")
def send_batch() -> ResponseReturnValue:
    with bad_luck():
        body = _body()
        messages = _batch(body)
        return jsonify(_accept(messages, body, {"data": [{"id": message.id} for message in messages]}))


@bp.get("/emails/<message_id>")
def show(message_id: str) -> ResponseReturnValue:
    message = store().message(message_id)
    if message is None:
        raise Problem(404, "not_found", "Email not found")
    return jsonify(
        {
            "object": "email",
            "id": message.id,
            "message_id": message.message_id,
            "to": list(message.to),
            "from": message.sender,
            "created_at": message.created_at,
            "subject": message.subject,
            "html": message.html,
            "text": message.text,
            "bcc": list(message.bcc),
            "cc": list(message.cc),
            "reply_to": list(message.reply_to),
            "last_event": message.last_event,
            "scheduled_at": None,
            "tags": [{"name": name, "value": value} for name, value in message.tags.items()],
        }
    )


@bp.app_errorhandler(Problem)
def answer_problem(problem: Problem) -> ResponseReturnValue:
    response = jsonify(problem.as_json())
    response.status_code = problem.status
    if problem.retry_after is not None:
        response.headers["retry-after"] = str(problem.retry_after)
    return response


@bp.app_errorhandler(Dropped)
def cut_the_line(_: Dropped) -> ResponseReturnValue:
    """A time-out has no answer; closing the line is the nearest thing a server can do."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response(status=504)


def _batch(body: Any) -> list[Message]:
    if not isinstance(body, list) or not 1 <= len(body) <= LARGEST_BATCH:
        raise Problem(422, "validation_error", f"A batch is a list of 1 to {LARGEST_BATCH} emails.")
    if any(isinstance(each, dict) and (each.get("attachments") or each.get("scheduled_at")) for each in body):
        raise Problem(
            422,
            "validation_error",
            "The `attachments` and `scheduled_at` fields are not supported in a batch.",
        )
    return [message_from(each) for each in body]


def _accept(messages: list[Message], body: Any, answer: Any) -> Any:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= 256:
        raise Problem(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
    fingerprint = hashlib.sha256(f"{request.path} {json.dumps(body, sort_keys=True)}".encode()).hexdigest()
    try:
        return store().accept(messages, key, fingerprint, answer)
    except KeyReused:
        raise Problem(
            409, "invalid_idempotent_request", "Same idempotency key used with a different request payload."
        ) from None


def _body() -> Any:
    try:
        return request.get_json(force=True)
    except BadRequest:
        raise Problem(400, "validation_error", "The request body is not valid JSON.") from None
