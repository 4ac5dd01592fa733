"""An inbox in a process of its own, and something that listens where the app would."""

from __future__ import annotations

import base64
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + base64.b64encode(b"a secret between two processes").decode()


@dataclass
class Application:
    """Stands where the app would, and takes note of the webhooks it gets; refuses the next `refusals`."""

    url: str
    received: queue.Queue[tuple[dict[str, str], str]]
    refusals: int = 0

    def next_event(self) -> tuple[dict[str, str], str]:
        return self.received.get(timeout=10)


@dataclass
class Inbox:
    """An inbox in a process of its own."""

    state: Path
    application: Application
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = os.environ | {
            "INBOX_PORT": str(self.port),
            "RESEND_API_KEY": "re_test",
            "RESEND_WEBHOOK_URL": self.application.url,
            "RESEND_WEBHOOK_SECRET": SECRET,
            "GUICHET_STATE": str(self.state),
        }
        self.process = subprocess.Popen([sys.executable, "-m", "local.inbox"], cwd=ROOT, env=environment)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/healthz").raise_for_status()
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise TimeoutError("the inbox did not start")

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=20) == 0

    def messages(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(
            f"{self.url}/_inbox/messages", params=query, timeout=40
        ).json()["messages"]
        return found

    def plan(self, kind: str, **details: float) -> None:
        httpx.post(f"{self.url}/_inbox/failures", json={"kind": kind, **details}).raise_for_status()


@contextmanager
def listening() -> Iterator[Application]:
    """The application's stand-in, on a free port."""
    known = Application("", queue.Queue())

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            refused = known.refusals > 0
            known.refusals -= refused
            known.received.put((dict(self.headers), body))
            self.send_response(500 if refused else 204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    known.url = f"http://127.0.0.1:{server.server_port}/webhooks/resend"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield known
    server.shutdown()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
