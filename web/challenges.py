"""When a visitor is asked to show that they are a person: after many orders tried from their address.

Without TURNSTILE_SITE_KEY nobody is asked; how many orders an address may place is then for Postgres alone.
"""

from __future__ import annotations

import structlog
from flask import Flask, current_app, request
from limits import parse

from config import Settings
from services.outside import challenge
from services.refusals import Refusal, Unavailable
from web.limits import limiter, visitor_address

UNASKED = parse("5 per 10 minutes")  # orders tried from one address
ANSWER = "cf-turnstile-response"  # the field that the widget puts into its form

log = structlog.stdlib.get_logger("guichet.challenges")


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"challenge_due": due})


def due() -> str | None:
    """The key of the widget to show, when this visitor has to pass a challenge before ordering again."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.turnstile_site_key is None or _has_tried_little():
        return None
    return settings.turnstile_site_key


def pass_or_refuse() -> None:
    """Count an order that is tried. Raises Refusal `challenge_failed` when one is due and not passed."""
    if due() and not _passed():
        raise Refusal("challenge_failed", 429)
    if current_app.config["SETTINGS"].turnstile_site_key:
        _count()


def _passed() -> bool:
    answer = request.form.get(ANSWER, "")
    try:
        return bool(answer) and challenge.passed(answer)
    except Unavailable as error:
        # Whoever judges is away: sales go on, within the limits that Postgres keeps.
        log.warning("challenge not judged", reason=error.reason)
        return True


def _has_tried_little() -> bool:
    try:
        return limiter.limiter.test(UNASKED, "order", visitor_address())
    except limiter.storage.base_exceptions:
        return True  # the shared count is away


def _count() -> None:
    try:
        limiter.limiter.hit(UNASKED, "order", visitor_address())
    except limiter.storage.base_exceptions as error:
        log.warning("order not counted", reason=type(error).__name__)
