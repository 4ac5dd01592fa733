"""What the sandbox is told from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Everything configurable; `webhook_url` may be empty, then no webhooks are sent."""

    secret_key: str
    webhook_secret: str
    webhook_url: str
    state: Path
    port: int = 54330
    settle_seconds: float = 15
    """How long a delayed payment method takes to succeed or fail."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Read the environment; exits with the variable's name when one is missing or wrong."""
        return cls(
            secret_key=_required(environment, "STRIPE_SECRET_KEY", "the key that clients must present"),
            webhook_secret=_required(environment, "STRIPE_WEBHOOK_SECRET", "the secret that signs webhooks"),
            webhook_url=environment.get("STRIPE_WEBHOOK_URL", ""),
            state=Path(environment.get("GUICHET_STATE", ".local")),
            port=int(_number(environment, "STRIPE_PORT", 54330)),
            settle_seconds=_number(environment, "STRIPE_SETTLE_SECONDS", 15),
        )


def _required(environment: Mapping[str, str], name: str, meaning: str) -> str:
    value = environment.get(name)
    if not value:
        raise SystemExit(f"{name} is not set: {meaning}.")
    return value


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    try:
        return float(environment.get(name, default))
    except ValueError:
        raise SystemExit(f"{name} must be a number, not {environment[name]!r}.") from None
