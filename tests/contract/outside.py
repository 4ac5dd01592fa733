"""Gateways with a provider of the test's own at the other end of the wire."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from apiflask import APIFlask

from app import create_app
from config import Settings
from services.outside.pool import Pool

JWT_SECRET = "a secret of the project, long enough even for tokens signed with HS512"
Answer = Callable[[httpx.Request], httpx.Response]


def settings(**changes: Any) -> Settings:
    told: dict[str, Any] = {
        "secret_key": "0123456789abcdef0123456789abcdef",
        "site_url": "https://tickets.example",
        "supabase_url": "https://project.supabase.co",
        "supabase_publishable_key": "sb_publishable_x",
        "supabase_secret_key": "sb_secret_x",
        "supabase_jwt_secret": JWT_SECRET,
        "stripe_secret_key": "sk_test_x",
        "stripe_webhook_secret": "whsec_of_the_tests_alone",
        "resend_api_key": "re_x",
        "resend_webhook_secret": "whsec_YSBzZWNyZXQgb2YgUmVzZW5kJ3Mgb3du",
        "mail_from": "Guichet <tickets@tickets.example>",
    }
    return Settings(**{**told, **changes})


@dataclass
class Wire:
    """Answers as told and keeps what it was asked; an answer may be an exception to raise."""

    answers: list[httpx.Response | Exception | Answer]
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    @property
    def pool(self) -> Pool:
        return Pool(httpx.MockTransport(self))


def wire(*answers: httpx.Response | Exception | Answer) -> Wire:
    return Wire(list(answers))


def app_with(told: Settings | None = None, **gateways: Any) -> APIFlask:
    """The app, with gateways of the test's own; the others reach nobody."""
    app = create_app(told or settings())
    app.testing = True
    app.extensions["outside"] = replace(app.extensions["outside"], **gateways)
    return app


@contextmanager
def server(behave: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A real server on this machine that treats each request as `behave` says; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            behave(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}"
    finally:
        running.shutdown()
        running.server_close()
