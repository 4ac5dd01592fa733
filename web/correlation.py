"""One id follows a request through logs, calls and answers: a person can quote it, and we can find it."""

from __future__ import annotations

import re
import uuid

from flask import Flask, Response, g, request

HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_tell)
    app.context_processor(lambda: {"correlation_id": correlation_id()})


def correlation_id() -> str:
    """The id of this request; accepted from the caller when it is a plain word, else made here."""
    if "correlation_id" not in g:
        offered = request.headers.get(HEADER, "")
        g.correlation_id = offered if SANE.fullmatch(offered) else uuid.uuid4().hex
    return str(g.correlation_id)


def _begin() -> None:
    correlation_id()


def _tell(response: Response) -> Response:
    response.headers[HEADER] = correlation_id()
    return response
