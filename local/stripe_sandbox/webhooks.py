"""Events on their way to the webhook endpoint: signed, tried again, and on demand held, lost or doubled."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from . import faults
from .storage import Body, Store

RETRY_AFTER = (1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
"""Seconds between tries; after the last one Stripe gives up, and so do we."""

_ANSWER_LIMIT = 2000
_client = httpx.Client(timeout=10, trust_env=False)


@dataclass(frozen=True)
class Delivery:
    """One event on its way, with the number of tries before this one."""

    id: int
    event: str
    attempts: int


def queue(store: Store, event: Body) -> None:
    """Put a new event on its way, as the rules for webhooks say."""
    rule = faults.take_for_event(store, event["type"])
    effect = rule.effect if rule else None
    state = {"hold": "held", "drop": "dropped"}.get(effect or "", "waiting")
    due_at = time.time() + (rule.seconds if rule and effect == "delay" else 0)
    copies = 1 + (rule.copies if rule and effect == "duplicate" else 0)
    for _ in range(copies):
        _add(store, event["id"], state, due_at)
    store.stir()


def claim_due(store: Store, limit: int = 100) -> list[Delivery]:
    """Deliveries whose time has come; they are the caller's to send."""
    with store.transaction():
        due = store.query(
            "select id, event, attempts from deliveries where state = 'waiting' and due_at <= ? "
            "order by due_at, id limit ?",
            time.time(),
            limit,
        )
        return [_claim(store, Delivery(**row)) for row in due]


def next_due(store: Store) -> float | None:
    """When the next delivery is due, in seconds since 1970."""
    (row,) = store.query("select min(due_at) as due_at from deliveries where state = 'waiting'")
    due_at: float | None = row["due_at"]
    return due_at


def release(store: Store, order: Iterable[str] | None = None) -> list[Body]:
    """Send held events now, one after the other: all as they happened, or those of `order` (event ids)."""
    with store.transaction():
        rows = store.query("select id, event, attempts from deliveries where state = 'held' order by id")
        held = [Delivery(**row) for row in rows]
        if order is not None:
            by_event = {delivery.event: delivery for delivery in held}
            held = [by_event[event] for event in dict.fromkeys(order) if event in by_event]
        claimed = [_claim(store, delivery) for delivery in held]
    return [send(store, delivery) for delivery in claimed]


def held_events(store: Store) -> list[str]:
    """Ids of the events that are held, oldest first."""
    return [
        row["event"] for row in store.query("select event from deliveries where state = 'held' order by id")
    ]


def send_again(store: Store, event_id: str) -> Body:
    """Send an event once more, whatever became of it before."""
    with store.transaction():
        delivery = _add(store, event_id, "sending", time.time())
    return send(store, delivery)


def deliveries(store: Store, event_id: str) -> list[Body]:
    """How an event fared: `{state, due_at, attempts: [{at, status, answer}]}` per delivery, oldest first."""
    return [
        {"state": row["state"], "due_at": row["due_at"], "attempts": _attempts(store, row["id"])}
        for row in store.query(
            "select id, state, due_at from deliveries where event = ? order by id", event_id
        )
    ]


def stop(store: Store, patience: float = 5) -> None:
    """Send nothing more, and let what is being sent arrive, for at most `patience` seconds."""
    with store.transaction():
        store.query("update deliveries set state = 'dropped' where state in ('waiting', 'held')")
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and store.query("select 1 from deliveries where state = 'sending'"):
        time.sleep(0.01)


def recover(store: Store) -> None:
    """What was being sent when the sandbox stopped is sent again."""
    with store.transaction():
        store.query("update deliveries set state = 'waiting' where state = 'sending'")


def send(store: Store, delivery: Delivery) -> Body:
    """Try once, and record the endpoint's answer."""
    event = store.find(delivery.event)
    if event is None:  # everything was forgotten meanwhile
        return {"event": delivery.event, "status": None, "answer": "forgotten"}
    status, answer = _post(store, event)
    delivered = status is not None and 200 <= status < 300
    with store.transaction():
        store.query(
            "insert into attempts (delivery, at, status, answer) values (?, ?, ?, ?)",
            delivery.id,
            time.time(),
            status,
            answer,
        )
        _conclude(store, delivery, delivered=delivered)
    return {"event": event["id"], "type": event["type"], "status": status, "answer": answer}


def signature(payload: str, secret: str, timestamp: int) -> str:
    """The Stripe-Signature header of a payload."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def _add(store: Store, event_id: str, state: str, due_at: float) -> Delivery:
    (row,) = store.query(
        "insert into deliveries (event, state, due_at) values (?, ?, ?) returning id, event, attempts",
        event_id,
        state,
        due_at,
    )
    return Delivery(**row)


def _attempts(store: Store, delivery_id: int) -> list[Body]:
    rows = store.query("select at, status, answer from attempts where delivery = ? order by id", delivery_id)
    return [dict(row) for row in rows]


def _claim(store: Store, delivery: Delivery) -> Delivery:
    store.query("update deliveries set state = 'sending' where id = ?", delivery.id)
    return delivery


def _conclude(store: Store, delivery: Delivery, *, delivered: bool) -> None:
    state, due_at = "delivered", time.time()
    if delivered:
        # Not store.change: everything may have been forgotten while the endpoint made up its mind.
        store.query(
            "update objects set body = json_set(body, '$.pending_webhooks', 0) where id = ?", delivery.event
        )
    elif delivery.attempts < len(RETRY_AFTER):
        state, due_at = "waiting", due_at + RETRY_AFTER[delivery.attempts]
        store.stir()
    else:
        state = "given_up"
    store.query(
        "update deliveries set state = ?, due_at = ?, attempts = attempts + 1 where id = ?",
        state,
        due_at,
        delivery.id,
    )


def _post(store: Store, event: Body) -> tuple[int | None, str]:
    payload = json.dumps(event, indent=2)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(payload, store.settings.webhook_secret, int(time.time())),
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    try:
        answer = _client.post(store.settings.webhook_url, content=payload.encode(), headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        return None, f"{type(failure).__name__}: {failure}"
    return answer.status_code, answer.text[:_ANSWER_LIMIT]
