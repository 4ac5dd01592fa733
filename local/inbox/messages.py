"""A mail as the inbox keeps it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Any


def now() -> str:
    """This instant as Resend writes it: ISO 8601, microseconds, UTC. Sorts as text."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Attachment:
    filename: str
    content_type: str
    content: bytes
    content_id: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Message:
    """One mail. `to`, `cc`, `bcc` and `reply_to` hold addresses as sent, names included."""

    sender: str
    to: tuple[str, ...]
    subject: str
    html: str | None = None
    text: str | None = None
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    last_event: str = "sent"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: str = field(default_factory=now)

    @property
    def message_id(self) -> str:
        """The RFC 5322 Message-ID: the sender's own, else one made from the id."""
        return self.headers.get("Message-ID", f"<{self.id}@inbox.local>")

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every bare address that receives this mail, in lower case."""
        return tuple(bare(address) for address in (*self.to, *self.cc, *self.bcc))

    @property
    def links(self) -> list[str]:
        """Where the HTML part points to, in order, each once."""
        finder = _Links()
        finder.feed(self.html or "")
        return list(dict.fromkeys(finder.found))

    def as_json(self) -> dict[str, Any]:
        """The mail for tests: what was sent, its links, and what became of it."""
        return {
            "id": self.id,
            "created_at": self.created_at,
            "from": self.sender,
            "to": list(self.to),
            "cc": list(self.cc),
            "bcc": list(self.bcc),
            "reply_to": list(self.reply_to),
            "subject": self.subject,
            "html": self.html,
            "text": self.text,
            "headers": self.headers,
            "tags": self.tags,
            "links": self.links,
            "attachments": [
                {"id": a.id, "filename": a.filename, "content_type": a.content_type, "size": len(a.content)}
                for a in self.attachments
            ],
            "last_event": self.last_event,
        }


def bare(address: str) -> str:
    """`Ana <Ana@Example.org>` → `ana@example.org`."""
    return parseaddr(address)[1].lower()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)
