"""Who asks: set once per request or job, read by the gateways, so that services never see the web."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Caller:
    """A visitor by default.

    A token makes a signed-in person of them, an order's secret a guest, a key a team's program. With an
    idempotency key they ask for a thing to be made once, however often they ask.
    """

    access_token: str | None = None
    order_secret: str | None = None
    api_key: str | None = None
    address: str | None = None
    correlation_id: str | None = None
    locale: str = "en"
    user_id: str | None = None
    idempotency_key: str | None = None

    @property
    def signed_in(self) -> bool:
        return self.access_token is not None


VISITOR = Caller()

_current: ContextVar[Caller] = ContextVar("caller", default=VISITOR)


def current() -> Caller:
    return _current.get()


def become(caller: Caller) -> None:
    """Let the rest of this request act as `caller`."""
    _current.set(caller)


def present_order_secret(secret: str) -> None:
    """Let the rest of this request reach the guest order that `secret` opens."""
    become(replace(current(), order_secret=secret))


@contextmanager
def acting_as(caller: Caller) -> Iterator[Caller]:
    """Act as `caller` inside the block, and as before after it."""
    token = _current.set(caller)
    try:
        yield caller
    finally:
        _current.reset(token)
