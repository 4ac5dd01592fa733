"""What Resend demands of a mail, in Resend's words."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import re
from dataclasses import dataclass
from typing import Any

from local.inbox.messages import Attachment, Message

MOST_RECIPIENTS = 50
_ADDRESS = re.compile(r"[^\s<>@,;]+@[^\s<>@,;]+\.[^\s<>@,;.]+")
_NAMED = re.compile(rf"[^<>]*<({_ADDRESS.pattern})>")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass
class Problem(Exception):
    """An answer of Resend's: status, name, sentence, and seconds to wait where it says so."""

    status: int
    name: str
    message: str
    retry_after: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"statusCode": self.status, "name": self.name, "message": self.message}


def message_from(body: Any) -> Message:
    """The mail in the body of a `POST /emails`. Raises Problem, as Resend answers 422."""
    if not isinstance(body, dict):
        raise Problem(422, "validation_error", "The request body must be a JSON object.")
    for required in ("from", "to", "subject"):
        if not body.get(required):
            raise Problem(422, "missing_required_field", f"Missing `{required}` field.")
    html, text = _text(body, "html"), _text(body, "text")
    if html is None and text is None:
        raise Problem(422, "missing_required_field", "Missing `html` or `text` field.")
    to = _addresses(body, "to")
    if len(to) > MOST_RECIPIENTS:
        raise Problem(
            422, "validation_error", f"The `to` field must have at most {MOST_RECIPIENTS} addresses."
        )
    (sender,) = _addresses({"from": [body["from"]]}, "from")
    return Message(
        sender=sender,
        to=to,
        cc=_addresses(body, "cc"),
        bcc=_addresses(body, "bcc"),
        reply_to=_addresses(body, "reply_to"),
        subject=_text(body, "subject") or "",
        html=html,
        text=text,
        headers=_headers(body.get("headers") or {}),
        tags=_tags(body.get("tags") or []),
        attachments=tuple(_attachment(each) for each in body.get("attachments") or []),
    )


def _text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Problem(422, "validation_error", f"The `{name}` field must be a `string`.")
    return value


def _addresses(body: dict[str, Any], name: str) -> tuple[str, ...]:
    value = body.get(name) or []
    addresses = [value] if isinstance(value, str) else value
    if not isinstance(addresses, list) or not all(map(_is_address, addresses)):
        raise Problem(
            422,
            "validation_error",
            f"Invalid `{name}` field. The email address needs to follow the `email@example.com` "
            "or `Name <email@example.com>` format.",
        )
    return tuple(addresses)


def _is_address(value: object) -> bool:
    if not isinstance(value, str) or "\n" in value or "\r" in value:
        return False
    return bool(_ADDRESS.fullmatch(value.strip()) or _NAMED.fullmatch(value.strip()))


def _headers(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise Problem(422, "validation_error", "The `headers` field must be an object of strings.")
    return value


def _tags(value: Any) -> dict[str, str]:
    try:
        tags = {tag["name"]: tag["value"] for tag in value}
    except (TypeError, KeyError):
        raise Problem(422, "validation_error", "Each tag needs a `name` and a `value`.") from None
    if not all(isinstance(part, str) and _TAG.fullmatch(part) for pair in tags.items() for part in pair):
        raise Problem(
            422,
            "validation_error",
            "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
        )
    return tags


def _attachment(value: Any) -> Attachment:
    if not isinstance(value, dict) or "content" not in value or not value.get("filename"):
        raise Problem(422, "invalid_attachment", "Attachment must have a `content` and a `filename`.")
    content = value["content"]
    try:
        raw = bytes(content) if isinstance(content, list) else base64.b64decode(content, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Problem(422, "invalid_attachment", "Attachment `content` must be base64.") from None
    guessed = mimetypes.guess_type(value["filename"])[0]
    return Attachment(
        filename=value["filename"],
        content_type=value.get("content_type") or guessed or "application/octet-stream",
        content=raw,
        content_id=value.get("content_id") or value.get("inline_content_id"),
    )
