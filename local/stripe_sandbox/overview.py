"""The sandbox at a glance, for humans: recent sessions, payments, refunds and webhooks."""

from __future__ import annotations

from flask import Blueprint, render_template

from . import faults, webhooks
from .api.endpoint import store

blueprint = Blueprint("overview", __name__)

_SHOWN = 25


@blueprint.get("/healthz")
def health() -> dict[str, str]:
    return {"status": "ok"}


@blueprint.get("/")
def show() -> str:
    kept = store()
    return render_template(
        "overview.html",
        sessions=kept.listed("checkout.session", limit=_SHOWN),
        intents=kept.listed("payment_intent", limit=_SHOWN),
        refunds=kept.listed("refund", limit=_SHOWN),
        events=[
            (event, webhooks.deliveries(kept, event["id"]))
            for event in kept.listed("event", limit=2 * _SHOWN)
        ],
        faults=faults.listed(kept),
        webhook_url=kept.settings.webhook_url,
    )
