"""Keep a browser's session fresh: in time, and once when several of its requests arrive together."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from services.outside import identity
from services.outside.identity import Session
from services.outside.tokens import Claims
from services.refusals import Refusal, Unavailable

REFRESH_BEFORE = 60.0  # seconds of life left in an access token when it is exchanged
REUSE_WINDOW = 10.0  # seconds during which Auth itself forgives the reuse of a refresh token


@dataclass(frozen=True, slots=True)
class Kept:
    """A usable session; `renewed` holds the new tokens when they were exchanged."""

    access_token: str
    claims: Claims
    renewed: Session | None = None


def keep(access_token: str, refresh_token: str) -> Kept:
    """Return the session, exchanged when it is about to run out.

    Raises Refusal `session_over` when it has ended, Unavailable when Auth would have to be asked and is away.
    """
    claims = _claims_of(access_token)
    if claims is not None and claims.expires_at - time.time() > REFRESH_BEFORE:
        return Kept(access_token, claims)
    try:
        renewed = _exchanges.exchange(refresh_token)
    except Unavailable:
        if claims is None:
            raise
        return Kept(access_token, claims)
    return Kept(renewed.access_token, identity.verify(renewed.access_token), renewed)


def _claims_of(access_token: str) -> Claims | None:
    try:
        return identity.verify(access_token)
    except Refusal:
        return None


class _Exchanges:
    """Requests that arrive with the same refresh token share one exchange."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Lock] = {}
        self._done: dict[str, tuple[float, Session]] = {}

    def exchange(self, refresh_token: str) -> Session:
        with self._lock:
            turn = self._under_way.setdefault(refresh_token, threading.Lock())
        with turn:
            session = self._recent(refresh_token)
            if session is None:
                session = identity.refresh(refresh_token)
                self._remember(refresh_token, session)
        return session

    def _recent(self, refresh_token: str) -> Session | None:
        with self._lock:
            done = self._done.get(refresh_token)
        return done[1] if done and time.monotonic() - done[0] < REUSE_WINDOW else None

    def _remember(self, refresh_token: str, session: Session) -> None:
        now = time.monotonic()
        with self._lock:
            self._done[refresh_token] = (now, session)
            for token in [token for token, (at, _) in self._done.items() if now - at > REUSE_WINDOW]:
                del self._done[token]
                self._under_way.pop(token, None)


_exchanges = _Exchanges()
