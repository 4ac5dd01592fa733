"""A repeated request with the same key gets the first answer, word for word."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .errors import StripeError
from .storage import Body, Store

_KEPT_SECONDS = 24 * 3600
_LONGEST_KEY = 255


@dataclass(frozen=True)
class Answer:
    """What goes back to the client."""

    status: int
    body: str
    request_id: str
    replayed: bool = False


@dataclass(frozen=True)
class Call:
    """A writing request, as far as its repetition is concerned."""

    key: str | None
    path: str
    params: Mapping[str, Any]
    request_id: str

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps([self.path, self.params], sort_keys=True).encode()).hexdigest()


def answer(store: Store, call: Call, act: Callable[[], Body]) -> Answer:
    """Act in one transaction and keep the answer, or repeat the kept one.

    Answers of calls that had begun their work are kept, errors included. Raises StripeError when the call
    fails before that, and when the key was used for another request.
    """
    if call.key and len(call.key) > _LONGEST_KEY:
        raise StripeError(
            f"Idempotency keys are at most {_LONGEST_KEY} characters long.", type="idempotency_error"
        )
    with store.transaction():
        kept = _kept(store, call) if call.key else None
        if kept is not None:
            return kept
        made = _act(store, call, act)
        if call.key:
            _keep(store, call, made)
        return made


def _act(store: Store, call: Call, act: Callable[[], Body]) -> Answer:
    try:
        with store.transaction():
            return Answer(200, json.dumps(act()), call.request_id)
    except StripeError as refusal:
        if not refusal.started:
            raise
        return Answer(refusal.status, json.dumps({"error": refusal.error}), call.request_id)


def _kept(store: Store, call: Call) -> Answer | None:
    store.query(
        "delete from answers where idempotency_key = ? and created < ?", call.key, time.time() - _KEPT_SECONDS
    )
    rows = store.query(
        "select fingerprint, path, status, body, request_id from answers where idempotency_key = ?", call.key
    )
    if not rows:
        return None
    first = rows[0]
    if first["path"] != call.path:
        raise _reused(
            f"for the same endpoint they were first used for ('{call.path}' instead of '{first['path']}')",
            call,
        )
    if first["fingerprint"] != call.fingerprint:
        raise _reused("with the same parameters they were first used with", call)
    return replace(Answer(first["status"], first["body"], first["request_id"]), replayed=True)


def _keep(store: Store, call: Call, made: Answer) -> None:
    store.query(
        "insert into answers (idempotency_key, fingerprint, path, status, body, request_id, created) "
        "values (?, ?, ?, ?, ?, ?, ?)",
        call.key,
        call.fingerprint,
        call.path,
        made.status,
        made.body,
        made.request_id,
        time.time(),
    )


def _reused(how: str, call: Call) -> StripeError:
    return StripeError(
        f"Keys for idempotent requests can only be used {how}. "
        f"Try using a key other than '{call.key}' if you meant to execute a different request.",
        type="idempotency_error",
    )
