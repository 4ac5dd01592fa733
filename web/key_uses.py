"""When a team's key was last used: noted once a minute per process, after the answer has gone out."""

from __future__ import annotations

import hashlib
import time
from functools import partial

import structlog
from flask import Flask, Response

from services import api_keys, caller
from services.caller import Caller
from services.refusals import Refusal, Unavailable

EVERY = 60  # seconds
MOST = 10_000  # keys remembered; then they are forgotten together, and noted once more

log = structlog.stdlib.get_logger("guichet.keys")
_noted: dict[bytes, float] = {}


def init_app(app: Flask) -> None:
    @app.after_request
    def remember(response: Response) -> Response:
        who = caller.current()
        if _counts(who) and response.status_code != 401 and _due(str(who.api_key)):
            response.call_on_close(partial(_note, app, who))
        return response


def _counts(who: Caller) -> bool:
    """Whether a team's key speaks: a person's token goes before it, and venues note their keys themselves."""
    return bool(who.api_key and who.api_key.startswith("gk_")) and not who.signed_in


def _due(key: str) -> bool:
    """Whether this process has not noted the key within a minute; that two threads think so does no harm."""
    name, now = hashlib.sha256(key.encode()).digest(), time.monotonic()
    if now - _noted.get(name, -EVERY) < EVERY:
        return False
    if len(_noted) >= MOST:
        _noted.clear()
    _noted[name] = now
    return True


def _note(app: Flask, who: Caller) -> None:
    with app.app_context(), caller.acting_as(who):
        try:
            api_keys.record_use()
        except (Refusal, Unavailable) as error:
            log.info("use of a key not noted", reason=str(error))
