"""Which other origins' pages may call the API."""

from __future__ import annotations

from flask import Flask, Response, make_response, request

from config import Settings

METHODS = "GET, POST, PUT, PATCH, DELETE"
HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Order-Secret, X-Request-Id, Accept-Language"
EXPOSED = "X-Request-Id, Retry-After, Location"


def init_app(app: Flask, settings: Settings) -> None:
    """Answer preflights and mark answers, under /api only. Cookies are never part of it."""
    allowed = frozenset(settings.cors_allowed_origins)

    def is_allowed() -> bool:
        return request.path.startswith("/api/") and request.headers.get("Origin") in allowed

    @app.before_request
    def answer_preflight() -> Response | None:
        if (
            request.method != "OPTIONS"
            or "Access-Control-Request-Method" not in request.headers
            or not is_allowed()
        ):
            return None
        response = make_response("", 204)
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = HEADERS
        response.headers["Access-Control-Max-Age"] = "7200"
        return response

    @app.after_request
    def mark(response: Response) -> Response:
        if request.path.startswith("/api/") and allowed:
            response.vary.add("Origin")
        if is_allowed():
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
        return response
