"""Answers that everyone gets alike are kept for a second in this process: a crowd costs one reading.

A kept answer is given before the app is asked, so it is neither logged nor limited, only counted. Nobody gets
one who is signed in, holds an order's secret, has something to be told, or sends a `Cache-Control` header.
Browsers keep nothing without asking again (ETag).
"""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from services import caller
from web.metrics import kept_answers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)

SECONDS = 1.0
ENTRIES = 512
LONGEST_ADDRESS = 200
MARK = "guichet.public"
# Headers that an answer depends on, beside the cookies: the language, and the addresses that it names.
TOLD = ("HTTP_ACCEPT_LANGUAGE", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_ORIGIN")
# Belong to one request, or are written anew.
NOT_KEPT = {"x-request-id", "date", "age"}


def public(view: Callable[P, R]) -> Callable[P, Response]:
    """Mark a view's answer as the same for all who read the same language and are nobody in particular."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        who = caller.current()
        response.vary.update(["Cookie", "Accept-Language"])
        if who.signed_in or who.order_secret or response.status_code != 200:
            return response
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32], weak=True)
        request.environ[MARK] = True
        return response

    return marked


@dataclass(slots=True)
class Kept:
    """One answer. Past `until` the first who asks has it read anew; the others are still given this one."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    until: float


class PublicCache:
    """WSGI middleware around the app."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = key_of(environ)
        if key is None:
            return self._app(environ, start_response)
        kept = self._find(key)
        if kept is not None:
            return give(kept, environ, start_response)
        return self._ask(key, environ, start_response)

    def _find(self, key: tuple[str, ...]) -> Kept | None:
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or now > kept.until + SECONDS:
                return None
            if now > kept.until:
                kept.until = now + SECONDS  # for the others; this one reads it anew
                return None
        return kept

    def _ask(
        self, key: tuple[str, ...], environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], *error: object) -> Callable[[bytes], object]:
            told.append((status, headers))
            return start_response(status, headers, *error)  # type: ignore[arg-type]

        answer = self._app(environ, listen)
        if MARK not in environ or not told or any(name.lower() == "set-cookie" for name, _ in told[-1][1]):
            return answer
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        status, headers = told[-1]
        if status.startswith("200"):
            self._keep(key, headers, body)
        return [body]

    def _keep(self, key: tuple[str, ...], headers: list[tuple[str, str]], body: bytes) -> None:
        etag = next((value for name, value in headers if name.lower() == "etag"), "")
        same = [(name, value) for name, value in headers if name.lower() not in NOT_KEPT]
        with self._lock:
            self._kept[key] = Kept(same, body, etag, time.monotonic() + SECONDS)
            self._kept.move_to_end(key)
            while len(self._kept) > ENTRIES:
                self._kept.popitem(last=False)


def key_of(environ: WSGIEnvironment) -> tuple[str, ...] | None:
    """What tells one kept answer from another; None when the visitor must not be given one."""
    if (
        environ["REQUEST_METHOD"] != "GET"
        or environ.get("HTTP_CACHE_CONTROL")
        or "HTTP_AUTHORIZATION" in environ
    ):
        return None
    cookies = environ.get("HTTP_COOKIE", "")
    if (
        (cookies and not cookies.startswith("language="))
        or ";" in cookies
        or "HTTP_X_ORDER_SECRET" in environ
    ):
        return None
    address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
    if len(address) > LONGEST_ADDRESS:
        return None
    told = (environ.get(name, "") for name in TOLD)
    return address, cookies, *told


def give(kept: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with what is kept, or only that nothing has changed."""
    kept_answers.inc()
    headers = [*kept.headers, ("X-Request-Id", uuid.uuid4().hex)]
    if kept.etag and environ.get("HTTP_IF_NONE_MATCH") == kept.etag:
        bodiless = {"content-length", "content-type"}
        start_response("304 Not Modified", [pair for pair in headers if pair[0].lower() not in bodiless])
        return []
    start_response("200 OK", headers)
    return [kept.body]
