"""What the inbox needs to know, read from the environment once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class MissingSetting(Exception):
    """A variable without which the inbox cannot start; the message names it."""


@dataclass(frozen=True)
class Settings:
    api_key: str
    state: Path
    port: int = 54324
    webhook_url: str | None = None
    webhook_secret: str | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from INBOX_PORT, RESEND_* and GUICHET_STATE.

        Raises MissingSetting when RESEND_API_KEY is absent, or when only one of
        RESEND_WEBHOOK_URL and RESEND_WEBHOOK_SECRET is given.
        """
        api_key = environment.get("RESEND_API_KEY", "")
        if not api_key:
            raise MissingSetting("RESEND_API_KEY is missing: the key that senders must show to the inbox.")
        url, secret = environment.get("RESEND_WEBHOOK_URL"), environment.get("RESEND_WEBHOOK_SECRET")
        if url and not secret:
            raise MissingSetting(
                "RESEND_WEBHOOK_SECRET is missing: webhooks to RESEND_WEBHOOK_URL are signed with it."
            )
        return cls(
            api_key=api_key,
            state=Path(environment.get("GUICHET_STATE", ".local")),
            port=int(environment.get("INBOX_PORT", cls.port)),
            webhook_url=url or None,
            webhook_secret=secret or None,
        )
