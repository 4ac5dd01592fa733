"""JSON logs, one line per event, with the correlation id and without secrets or addresses."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.types import EventDict, Processor

from config import Settings
from web.correlation import correlation_id

SECRET_NAMES = re.compile(r"token|password|secret|authorization|cookie|api_?key", re.IGNORECASE)
# No place of a text is passed twice by one of them: their time grows with the text, and not with its square.
SECRET_TEXTS = [
    (re.compile(r"eyJ[\w-]{6,}(?:\.[\w-]*){0,2}"), "[token]"),
    (re.compile(r"\b(sk|rk|whsec|sb_secret|re)_\w{6,}"), "[key]"),
    (re.compile(r"\b(gk|vk)_[\w-]{6,}"), "[key]"),
    (re.compile(r"(?<![^\s@<>\"'=:,])[^\s@<>\"'=:,]++@[^\s@<>\"',]+\.\w+"), "[address]"),
    (re.compile(r"/invitations/[\w-]{20,}"), "/invitations/[secret]"),
    (re.compile(r"\?[^\s\"'?=]++=[^\s\"']*"), "?[query]"),
]
LONGEST = 2_000  # characters of a value
LONGEST_STORY = 20_000  # … and of a traceback
STORIES = {"exception", "stack"}
QUIET = ("httpx", "httpcore", "urllib3", "stripe", "werkzeug", "PIL", "flask-limiter")


def configure(settings: Settings) -> None:
    """Send our events and every library's through one JSON formatter to standard output."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.set_name("guichet")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [*(other for other in root.handlers if other.get_name() != "guichet"), handler]
    root.setLevel(settings.log_level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Blank what nobody may read in a log: by the field's name, and by the look of the text."""
    return {name: _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name):
        return "[hidden]"
    if isinstance(value, str):
        value = _cut(value, LONGEST_STORY if name in STORIES else LONGEST)
        for pattern, replacement in SECRET_TEXTS:
            value = pattern.sub(replacement, value)
    return value


def _cut(text: str, longest: int) -> str:
    """The beginning of a long text. The word at the cut goes: half a secret no longer looks like one."""
    if len(text) <= longest:
        return text
    end = 1 + max(text.rfind(mark, 0, longest) for mark in " \n/")
    return f"{text[:end]}… ({len(text)} characters)"


def init_app(app: Flask, settings: Settings) -> None:
    """Log one line per request."""
    log = structlog.stdlib.get_logger("guichet.web")
    salt = hashlib.sha256(b"log:" + settings.secret_key.encode()).digest()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id())

    @app.after_request
    def write(response: Response) -> Response:
        address = (request.remote_addr or "").encode()
        log.info(
            "request",
            method=request.method,
            path=request.path,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            visitor=hmac.new(salt, address, "sha256").hexdigest()[:12],
        )
        return response
