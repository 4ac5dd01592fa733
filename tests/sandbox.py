"""The Stripe sandbox from a test's side: what buyers do, what Stripe tells us, what goes wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from typing import Any

import httpx
from apiflask import APIFlask
from werkzeug.test import TestResponse

from local.settings import Settings
from local.stripe_sandbox.webhooks import signature

Event = dict[str, Any]


class Sandbox:
    """One buyer's hands at the Checkout page, and one operator's at the levers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = httpx.Client(
            base_url=settings.stripe_url,
            auth=httpx.BasicAuth(settings.secrets.stripe_key, ""),
            timeout=10,
            trust_env=False,
        )

    def pay(self, session_id: str, **how: Any) -> None:
        """Pay by card; `amount` and `charged_at` may be odd on purpose."""
        self._pull(f"sessions/{session_id}/pay", how)

    def decline(self, session_id: str) -> None:
        self._pull(f"sessions/{session_id}/decline")

    def pay_later(self, session_id: str) -> str:
        """Pay by bank debit, which stays under way until the intent that is returned is settled."""
        self._pull(f"sessions/{session_id}/pay_later", {"seconds": 3600})
        return str(self.session(session_id)["payment_intent"])

    def settle(self, intent_id: str, *, succeeds: bool) -> None:
        """The bank decides."""
        self._pull(f"payment_intents/{intent_id}/settle", {"succeeds": succeeds})

    def expire(self, session_id: str) -> None:
        self._pull(f"sessions/{session_id}/expire")

    def give_back(self, session_id: str, amount: int | None = None) -> str:
        """Refund a payment as somebody would in Stripe's own dashboard; the refund's id."""
        intent = self.session(session_id)["payment_intent"]
        return str(self._pull(f"payment_intents/{intent}/refund", {"amount": amount} if amount else {})["id"])

    def fail_refund(self, refund_id: str) -> None:
        """The bank sends a refund back, even one that had succeeded."""
        self._pull(f"refunds/{refund_id}/fail")

    def dispute(self, session_id: str) -> str:
        """The cardholder contests a payment at the bank; the dispute's id."""
        intent = self._read(f"/v1/payment_intents/{self.session(session_id)['payment_intent']}")
        return str(self._pull(f"charges/{intent['latest_charge']}/dispute")["id"])

    def decide(self, dispute_id: str, *, won: bool) -> None:
        self._pull(f"disputes/{dispute_id}/decide", {"won": won})

    def open_session(
        self, amount: int = 1500, currency: str = "eur", metadata: dict[str, str] | None = None, **more: str
    ) -> str:
        """A session that somebody else opened with our key; its id."""
        line = "line_items[0][price_data]"
        form = {
            "mode": "payment",
            "success_url": "https://shop.example/thanks",
            "line_items[0][quantity]": "1",
            f"{line}[currency]": currency,
            f"{line}[unit_amount]": str(amount),
            f"{line}[product_data][name]": "Something",
            **{f"metadata[{name}]": value for name, value in (metadata or {}).items()},
            **more,
        }
        answer = self._http.post("/v1/checkout/sessions", data=form)
        assert answer.is_success, answer.text
        return str(answer.json()["id"])

    def session(self, session_id: str) -> dict[str, Any]:
        return self._read(f"/v1/checkout/sessions/{session_id}")

    def sessions_of(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """Every session that was opened for an order, newest first."""
        sessions = self._read("/v1/checkout/sessions", limit=100)["data"]
        return [session for session in sessions if session["client_reference_id"] == order["id"]]

    def refunds_of(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        refunds = self._read("/v1/refunds", limit=100)["data"]
        return [refund for refund in refunds if refund["metadata"].get("order_id") == order["id"]]

    def events_of(self, session_id: str, *types: str) -> list[Event]:
        """What happened to a session and its payment, oldest first; only these types, if any are named."""
        return self.events_about(session_id, str(self.session(session_id)["payment_intent"]), types=types)

    def events_about(self, *ids: str, types: Collection[str] = ()) -> list[Event]:
        """What happened to these objects, oldest first; only these types, if any are named."""
        answer = self._http.get("/_sandbox/events")
        found = [event for event in reversed(answer.json()) if event["data"]["object"]["id"] in ids]
        for event in found:
            del event["deliveries"]
        return [event for event in found if not types or event["type"] in types]

    def spoil(self, effect: str, path: str = "*", **how: Any) -> None:
        """Spoil the next call to a path: server_error, rate_limit, timeout, slow (see its faults.py)."""
        self._pull("faults/api", {"effect": effect, "path": path, **how})

    def hold_webhooks(self) -> None:
        """Keep events back: tests bring them themselves, in the order they like."""
        self._pull("faults/webhooks", {"effect": "hold"})

    def forget(self) -> None:
        """Lose all that ever happened: comparing the books is short then. Events are held back as before."""
        self._pull("reset")
        self.hold_webhooks()

    def clear_faults(self) -> None:
        """Answer again as one should."""
        self._http.delete("/_sandbox/faults/api").raise_for_status()

    def heal(self) -> None:
        """Answer, and bring events, as one should."""
        self.clear_faults()
        self._http.delete("/_sandbox/faults/webhooks").raise_for_status()

    def bring(self, app: APIFlask, event: Event, **signing: Any) -> TestResponse:
        """Deliver an event to the webhook as Stripe would."""
        return post_webhook(app, json.dumps(event), self._settings.secrets.stripe_webhook, **signing)

    def send(self, site: str, event: Event) -> httpx.Response | None:
        """Deliver an event to a site; nothing comes back from one that dies meanwhile."""
        body = json.dumps(event)
        signed = signature(body, self._settings.secrets.stripe_webhook, int(time.time()))
        try:
            headers = {"Stripe-Signature": signed}
            return httpx.post(f"{site}/webhooks/stripe", content=body, headers=headers, trust_env=False)
        except httpx.HTTPError:
            return None

    def _pull(self, lever: str, options: dict[str, Any] | None = None) -> Any:
        answer = self._http.post(f"/_sandbox/{lever}", json=options or {})
        assert answer.is_success, answer.text
        return answer.json()

    def _read(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self._http.get(path, params=query).raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def post_webhook(app: APIFlask, body: str, secret: str, at: float | None = None) -> TestResponse:
    """Post a body, signed with this secret at this time (now, unless told otherwise)."""
    signed = signature(body, secret, int(time.time() if at is None else at))
    return app.test_client().post(
        "/webhooks/stripe",
        data=body.encode(),
        headers={"Stripe-Signature": signed, "Content-Type": "application/json"},
    )
