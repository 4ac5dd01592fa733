"""What load balancers and monitors ask."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from services.readiness import Lookout, Readiness, backlog, look
from services.refusals import Unavailable
from web import metrics
from web.limits import limiter

bp = Blueprint("health", __name__)
bp.record(lambda state: state.app.extensions.setdefault("lookout", Lookout()))
limiter.exempt(bp)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """This process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Whether database and Auth answer, and beside it whether the outbox is late.

    Why, what waits and each job's last run are for those who know METRICS_TOKEN.
    """
    if not _knows_token():
        return _answer(current_app.extensions["lookout"].seen())
    readiness = look()
    answer, status = _answer(readiness)
    return {**answer, "failures": readiness.failures, "jobs": readiness.jobs}, status


@bp.get("/metrics")
def measurements() -> ResponseReturnValue:
    """Prometheus' text format, for those who know METRICS_TOKEN."""
    settings = current_app.config["SETTINGS"]
    if settings.metrics_token is None:
        abort(404)
    if not _knows_token():
        abort(401)
    try:
        waiting = backlog()
    except Unavailable:
        waiting = None
    return Response(metrics.exposition(settings, waiting), mimetype="text/plain; version=0.0.4")


def _answer(readiness: Readiness) -> tuple[dict[str, Any], int]:
    is_ready = readiness.is_ready
    answer = {"status": "ready" if is_ready else "unavailable", "checks": readiness.checks}
    return answer, 200 if is_ready else 503


def _knows_token() -> bool:
    token: str | None = current_app.config["SETTINGS"].metrics_token
    shown = request.authorization.token if request.authorization else None
    return token is not None and hmac.compare_digest((shown or "").encode(), token.encode())
