"""What load balancers and monitors ask."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from services.outside import database, identity
from services.refusals import Unavailable
from web import metrics
from web.limits import limiter

bp = Blueprint("health", __name__)
limiter.exempt(bp)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """This process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Database and Auth answer. The jobs' state is told beside: a late outbox is no reason to stop."""
    checks: dict[str, Any] = {"database": "ok", "auth": "ok", "jobs": None}
    try:
        checks["jobs"] = database.call_as_service("job_status")
    except Unavailable as error:
        checks["database"] = error.reason
    try:
        identity.check_health()
    except Unavailable as error:
        checks["auth"] = error.reason
    is_ready = checks["database"] == checks["auth"] == "ok"
    return {"status": "ready" if is_ready else "unavailable", "checks": checks}, 200 if is_ready else 503


@bp.get("/metrics")
def measurements() -> ResponseReturnValue:
    """Prometheus' text format, for those who know METRICS_TOKEN."""
    settings = current_app.config["SETTINGS"]
    shown = request.authorization.token if request.authorization else None
    if settings.metrics_token is None:
        abort(404)
    if not hmac.compare_digest((shown or "").encode(), settings.metrics_token.encode()):
        abort(401)
    try:
        backlog = database.call_as_service("job_status")
    except Unavailable:
        backlog = None
    return Response(metrics.exposition(settings, backlog), mimetype="text/plain; version=0.0.4")
