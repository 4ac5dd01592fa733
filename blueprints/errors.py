"""What a failure looks like: a problem document for the API, a page for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from apiflask import HTTPError
from flask import Flask, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from blueprints.guards import recognise
from blueprints.ways import team_asked_for, ways_on, workspace_around
from services.refusals import Refusal, Unavailable, sentence
from web import sessions as browser
from web.correlation import correlation_id
from web.limits import seconds_to_wait, takes_picture
from web.paths import page_of_form

WORDS = {
    400: "bad_request",
    401: "sign_in_required",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid_input",
    429: "rate_limited",
    503: "unavailable",
}
# pydantic's many kinds of complaint, in our few words.
FIELD_WORDS = {"missing": "required", "extra_forbidden": "unknown_field"}

log = structlog.stdlib.get_logger("guichet.errors")


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(HTTPError, _invalid)
    app.register_error_handler(HTTPException, _http_failure)
    app.register_error_handler(Exception, _unexpected)


def field_errors(error: ValidationError) -> list[dict[str, str]]:
    """A validation's complaints as [{field, code, message}]."""
    found = []
    for complaint in error.errors(include_url=False, include_input=False):
        code = FIELD_WORDS.get(complaint["type"], "invalid")
        message = sentence(code) if complaint["type"] in FIELD_WORDS else complaint["msg"]
        found.append(
            {"field": ".".join(map(str, complaint["loc"])) or "body", "code": code, "message": message}
        )
    return found


def sentences_by_field(refusal: Refusal) -> dict[str, str]:
    """What a form shows: {field: sentence}; `form` is for what belongs to no field."""
    errors = refusal.detail.get("errors")
    if not isinstance(errors, list):
        return {"form": refusal.sentence}
    return {error["field"]: sentence(error["code"], error) for error in errors}


def _refused(refusal: Refusal) -> AnyResponse:
    if refusal.status == 401 and not _wants_problem():
        return _ask_to_sign_in()
    facts = dict(refusal.detail)
    errors = facts.pop("errors", None)
    if isinstance(errors, list):
        facts["errors"] = [{**found, "message": sentence(found["code"], found)} for found in errors]
    response = _answer(refusal.status, refusal.word, refusal.sentence, hint=refusal.hint, facts=facts)
    if "retry_after" in refusal.detail:
        response.headers["Retry-After"] = str(refusal.detail["retry_after"])
    return response


def _unavailable(error: Unavailable) -> AnyResponse:
    log.warning("provider unavailable", provider=error.provider, reason=error.reason)
    response = _answer(503, "unavailable", sentence("unavailable"))
    response.headers["Retry-After"] = "5"
    return response


def _invalid(error: HTTPError) -> AnyResponse:
    """APIFlask's own errors: a body or query that does not fit its shape."""
    cause = error.__cause__
    facts = {"errors": field_errors(cause)} if isinstance(cause, ValidationError) else {}
    word = WORDS.get(error.status_code, "bad_request")
    return _answer(error.status_code, word, sentence(word), facts=facts)


def _http_failure(error: HTTPException) -> AnyResponse:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    word = _word_for(error, status)
    response = _answer(status, word, sentence(word))
    if isinstance(error, RateLimitExceeded):
        response.headers["Retry-After"] = str(seconds_to_wait())
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _word_for(error: HTTPException, status: int) -> str:
    if isinstance(error, CSRFError):
        return "form_expired"
    if isinstance(error, RateLimitExceeded):
        return "rate_limited"
    if status == 413 and takes_picture() and not _wants_problem():
        return "picture_too_large"
    if status == 400 and request.path.startswith("/api/"):
        return "malformed_json"
    return WORDS.get(status, "internal_error" if status >= 500 else "bad_request")


def _unexpected(error: Exception) -> AnyResponse:
    log.error("unexpected failure", exc_info=error)
    return _answer(500, "internal_error", sentence("internal_error"))


def _answer(
    status: int, word: str, message: str, hint: str | None = None, facts: dict[str, Any] | None = None
) -> Response:
    if _wants_problem():
        return _problem(status, word, message, hint, facts or {})
    return _page(status, word, message, hint)


def _wants_problem() -> bool:
    if request.path.startswith(("/api/", "/webhooks/")):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _problem(status: int, word: str, message: str, hint: str | None, facts: dict[str, Any]) -> Response:
    document = {
        **facts,
        "type": f"urn:guichet:problem:{word}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "code": word,
        "correlation_id": correlation_id(),
    }
    if hint:
        document["hint"] = hint
    response = jsonify(document)
    response.status_code = status
    response.mimetype = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _page(status: int, word: str, message: str, hint: str | None) -> Response:
    try:
        recognise()
        workspace = workspace_around(status)
        body = render_template(
            "manage/error.html" if workspace else "error.html",
            status=status,
            word=word,
            message=message,
            team=team_asked_for(),
            ways=ways_on(status, workspace),
            workspace=workspace,
        )
    except Exception as error:
        # The page that reports a failure must not depend on anything that may have failed.
        log.error("error page failed", exc_info=error)
        body = (
            f"<!doctype html><title>{status}</title><h1>{escape(message)}</h1>"
            f"<p>{escape(hint or '')}</p><p><code>{correlation_id()}</code></p>"
        )
    return Response(body, status, mimetype="text/html")


def _ask_to_sign_in() -> AnyResponse:
    """Send a visitor whose session is missing or over to sign in, and back afterwards."""
    if browser.tokens() is not None:
        browser.end()
    if request.method == "GET":
        here = request.full_path.rstrip("?")
        flash(sentence("sign_in_required"))
    else:
        here = page_of_form()
        flash(_("You were signed out meanwhile. Sign in, and you are back where you were."), "warn")
    return redirect(url_for("account.sign_in", next=here), 303)
