"""A sandbox that really runs, Stripe's own library to ask it, and an endpoint that listens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import stripe

from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[3]
KEY = "sk_test_sandbox"
SECRET = "whsec_sandbox"


class Listener(ThreadingHTTPServer):
    """The app's webhook endpoint: keeps what arrives, answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.status = 200
        self.received: list[tuple[bytes, str]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/webhooks/stripe"

    @property
    def events(self) -> list[stripe.Event]:
        """What arrived, each with its signature verified by Stripe's library."""
        return [stripe.Webhook.construct_event(body, signed, SECRET) for body, signed in list(self.received)]

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def wait_for(self, count: int) -> list[str]:
        """The types of the events received, once there are `count` of them."""
        eventually(lambda: len(self.received) >= count)
        return self.types


class _Receiver(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((body, self.headers["Stripe-Signature"]))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Sandbox:
    """The sandbox's process, its levers, and Stripe's library pointed at it."""

    def __init__(self, state: Path, webhook_url: str) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._environment = {
            **os.environ,
            "STRIPE_PORT": self.url.rpartition(":")[2],
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_WEBHOOK_URL": webhook_url,
            "STRIPE_SETTLE_SECONDS": "600",
            "GUICHET_STATE": str(state),
        }
        self._http = httpx.Client(base_url=self.url, trust_env=False)
        self.client = self.client_with(KEY)

    def client_with(self, key: str) -> stripe.StripeClient:
        return stripe.StripeClient(key, base_addresses={"api": self.url}, max_network_retries=0)

    def start(self) -> None:
        command = [sys.executable, "-m", "local.stripe_sandbox"]
        self._process = subprocess.Popen(command, env=self._environment, cwd=ROOT)
        eventually(self._answers)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def pull(self, lever: str, **options: Any) -> Any:
        """Use one of the sandbox's controls and return what it answers."""
        answer = self._http.post(f"/_sandbox/{lever}", json=options)
        assert answer.is_success, answer.text
        return answer.json()

    def page(self, session: stripe.checkout.Session) -> str:
        return self._http.get(f"/c/pay/{session.id}").text

    def submit(self, session: stripe.checkout.Session, **form: str) -> httpx.Response:
        return self._http.post(f"/c/pay/{session.id}", data=form)

    def open_session(self, **changes: Any) -> stripe.checkout.Session:
        """A session as the app makes them, with some parameters changed."""
        return self.client.v1.checkout.sessions.create(session_params(**changes))  # type: ignore[arg-type]

    @contextmanager
    def spoiled(self, **fault: Any) -> Iterator[None]:
        self.pull("faults/api", **fault)
        yield
        self._http.delete("/_sandbox/faults/api")

    def _answers(self) -> bool:
        try:
            return self._http.get("/healthz").is_success
        except httpx.ConnectError:
            return False


def session_params(**changes: Any) -> dict[str, Any]:
    params = {
        "mode": "payment",
        "success_url": "http://127.0.0.1:8000/orders/GC-1/payment?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/orders/GC-1",
        "client_reference_id": "order-1",
        "customer_email": "ana@example.com",
        "expires_at": int(time.time()) + 31 * 60,
        "metadata": {"order_id": "order-1"},
        "payment_intent_data": {"metadata": {"order_id": "order-1"}},
        "line_items": [line("Standard seat", 2400)],
    }
    return {name: value for name, value in (params | changes).items() if value is not None}


def line(name: str, unit_amount: int | str, currency: str = "eur", quantity: int = 1) -> dict[str, Any]:
    product = {"name": name, "description": f"{name}, Le Barboteur"}
    price = {"currency": currency, "unit_amount": unit_amount, "product_data": product}
    return {"quantity": quantity, "price_data": price}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
