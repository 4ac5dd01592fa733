"""What became of our mails, as Resend tells it: signed the Svix way, repeated until it hears 2xx."""

from __future__ import annotations

import resend
from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from services import deliveries
from services.models.deliveries import DeliveryEvent


def receive() -> ResponseReturnValue:
    """204 when stored or of no interest, 400 for a forged or garbled body, 503 when it should come again."""
    event = _verified()
    if event.outcome and not deliveries.record_event(event):
        abort(503)
    return "", 204


def _verified() -> DeliveryEvent:
    body = request.get_data(as_text=True)
    try:
        resend.Webhooks.verify(
            {
                "payload": body,
                "headers": {
                    "id": request.headers.get("svix-id", ""),
                    "timestamp": request.headers.get("svix-timestamp", ""),
                    "signature": request.headers.get("svix-signature", ""),
                },
                "webhook_secret": current_app.config["SETTINGS"].resend_webhook_secret,
            }
        )
        return DeliveryEvent.model_validate_json(body)
    except (ValueError, RecursionError):
        abort(400)
