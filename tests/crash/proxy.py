"""Stands between a program and what it calls, sees every call, and can end the program at one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

import httpx

Moment = Literal["before", "after"]
DROPPED = {"transfer-encoding", "content-encoding", "content-length", "connection"}


@dataclass(frozen=True)
class Fall:
    """Where the program is to fall: at which of its calls, before that is passed on or after its answer."""

    call: int
    moment: Moment


@dataclass
class Watch:
    """The calls seen since `start`, and what to do at one of them."""

    seen: list[str] = field(default_factory=list)
    fall: Fall | None = None
    kill: Callable[[], None] = lambda: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, fall: Fall | None, kill: Callable[[], None]) -> None:
        with self._lock:
            self.seen, self.fall, self.kill = [], fall, kill

    def note(self, path: str) -> int:
        with self._lock:
            self.seen.append(path)
            return len(self.seen) - 1

    def falls(self, call: int, moment: Moment) -> bool:
        if self.fall != Fall(call, moment):
            return False
        self.kill()
        return True


@contextmanager
def between(target: str, watch: Watch) -> Iterator[str]:
    """Forward everything to `target`; gives the address to call instead."""
    client = httpx.Client(base_url=target, timeout=20, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            call = watch.note(f"{self.command} {urlsplit(self.path).path}")
            if watch.falls(call, "before"):
                return self.cut()
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            answer = client.request(self.command, self.path, content=body, headers=headers)
            if watch.falls(call, "after"):
                return self.cut()
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in DROPPED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)
            return None

        do_GET = do_POST = forward  # noqa: N815

        def cut(self) -> None:
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        client.close()
