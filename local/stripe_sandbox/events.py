"""Telling what happened: an event is kept and sent on its way."""

from __future__ import annotations

from flask import g, has_app_context

from . import webhooks
from .objects.event import event
from .storage import Body, Store


def emit(store: Store, kind: str, subject: Body) -> None:
    """Record that `kind` happened to `subject`, and queue it for the webhook endpoint, if there is one."""
    listening = bool(store.settings.webhook_url)
    happened = event(kind, subject, pending_webhooks=int(listening), request=_cause())
    store.add(happened)
    if listening:
        webhooks.queue(store, happened)


def _cause() -> Body:
    """The API request being answered; what the buyer, the bank or the clock does has none."""
    if has_app_context() and "request_id" in g:
        return {"id": g.request_id, "idempotency_key": g.idempotency_key}
    return {"id": None, "idempotency_key": None}
