"""What becomes of a mail, as Resend tells it: events, their bodies, and their signatures the Svix way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from local.inbox.messages import Message, bare

BETWEEN_EVENTS = timedelta(milliseconds=150)


@dataclass(frozen=True)
class Webhook:
    """One event of one mail, to be told at `due_at`; `payload` stays the same however often it is tried."""

    message_id: str
    event: str
    payload: str
    due_at: str
    attempts: int = 0
    id: str = field(default_factory=lambda: f"msg_{uuid.uuid4().hex}")


def webhooks_for(message: Message) -> list[Webhook]:
    """Everything there will be to tell about this mail, in order."""
    accepted = datetime.fromisoformat(message.created_at)
    story = [
        (event, (accepted + i * BETWEEN_EVENTS).isoformat(timespec="microseconds"))
        for i, event in enumerate(events_of(message))
    ]
    return [Webhook(message.id, event, payload(message, event, at), due_at=at) for event, at in story]


def events_of(message: Message) -> list[str]:
    """What happens to the mail, in order. As with Resend's own test addresses, the recipient's
    local part decides: `bounced`, `complained`, `suppressed`, each also with a `+label`."""
    for recipient in message.recipients:
        box = bare(recipient).partition("@")[0].partition("+")[0]
        if box == "bounced":
            return ["email.sent", "email.bounced"]
        if box == "complained":
            return ["email.sent", "email.delivered", "email.complained"]
        if box == "suppressed":
            return ["email.suppressed"]
    return ["email.sent", "email.delivered"]


def payload(message: Message, event: str, at: str) -> str:
    """The body of the webhook for `event`, such as `email.delivered`, which happened `at` that instant."""
    data: dict[str, Any] = {
        "created_at": message.created_at,
        "email_id": message.id,
        "message_id": message.message_id,
        "from": message.sender,
        "to": list(message.to),
        "subject": message.subject,
    }
    if message.tags:
        data["tags"] = message.tags
    if event == "email.bounced":
        data["bounce"] = {
            "type": "Permanent",
            "subType": "General",
            "message": "The recipient's mail server rejected the mail: 550 5.1.1 no such mailbox.",
        }
    return json.dumps({"type": event, "created_at": at, "data": data}, ensure_ascii=False)


def signed(webhook_id: str, body: str, secret: str, at: int) -> dict[str, str]:
    """Svix headers for `body`. `secret` is `whsec_` and base64, `at` seconds since 1970."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{webhook_id}.{at}.{body}".encode(), hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "svix-id": webhook_id,
        "svix-timestamp": str(at),
        "svix-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
