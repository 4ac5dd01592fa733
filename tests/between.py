"""Something between the app and Supabase: passes every call on, unless a test has told it to misbehave."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

PASSED_ON = {"apikey", "authorization", "content-type", "accept-language", "x-request-id"} | {
    "x-client-address", "x-order-secret", "accept", "user-agent",
}  # fmt: skip


class Between:
    """`moods` says how calls fare whose path ends in this word, or any ("*").

    "down": the connection is cut · "lost": the call is passed on, its answer is not · "stuck": no answer
    until `release` · "slow": two seconds late · anything else: that text is the answer.
    """

    def __init__(self, target: str) -> None:
        self.moods: dict[str, str] = {}
        self.stuck = threading.Event()
        self._released = threading.Event()
        self._upstream = httpx.Client(base_url=target, timeout=20, trust_env=False)
        self._server = _Server(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def release(self) -> None:
        """Let go of what is stuck: it is answered by nobody."""
        self._released.set()

    @contextmanager
    def serving(self) -> Iterator[Between]:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            self.release()
            self._server.shutdown()
            self._server.server_close()
            self._upstream.close()

    def treat(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        match self.moods.get(handler.path.rpartition("/")[2], self.moods.get("*")):
            case None:
                self._pass_on(handler, body)
            case "slow":
                time.sleep(2)
                self._pass_on(handler, body)
            case "down":
                _cut(handler)
            case "lost":
                self._ask(handler, body)
                _cut(handler)
            case "stuck":
                self.stuck.set()
                self._released.wait(90)
                _cut(handler)
            case nonsense:
                _answer(handler, 200, nonsense.encode(), "text/html")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                between.treat(self)

            do_GET = do_POST  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler

    def _ask(self, handler: BaseHTTPRequestHandler, body: bytes) -> httpx.Response:
        headers = {name: value for name, value in handler.headers.items() if name.lower() in PASSED_ON}
        return self._upstream.request(handler.command, handler.path, content=body, headers=headers)

    def _pass_on(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        answer = self._ask(handler, body)
        _answer(handler, answer.status_code, answer.content, answer.headers.get("content-type", ""))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked may be gone: killed, or tired of waiting."""


def _answer(handler: BaseHTTPRequestHandler, status: int, content: bytes, kind: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def _cut(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
