"""Keep a browser's session fresh: in time, and once when several of its requests arrive together."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass

from services.outside import identity
from services.outside.identity import Session
from services.outside.tokens import Claims
from services.refusals import Refusal, Unavailable

REFRESH_BEFORE = 60.0  # seconds of life left in an access token when it is exchanged
REUSE_WINDOW = 10.0  # seconds during which Auth itself forgives the reuse of a refresh token
ENDS = {"session_over", "account_deactivated"}  # all else that Auth refuses with tells nothing of the session


@dataclass(frozen=True, slots=True)
class Kept:
    """A usable session; `renewed` holds the new tokens when they were exchanged."""

    access_token: str
    claims: Claims
    renewed: Session | None = None


def keep(access_token: str, refresh_token: str) -> Kept:
    """Return the session, exchanged when it is about to run out.

    Raises Refusal `session_over` or `account_deactivated` when it has ended, Unavailable when Auth would have
    to be asked and is away, or too busy to say.
    """
    claims = _claims_of(access_token)
    if claims is not None and claims.expires_at - time.time() > REFRESH_BEFORE:
        return Kept(access_token, claims)
    try:
        renewed = _exchange(refresh_token)
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


def _exchange(refresh_token: str) -> Session:
    try:
        return _exchanges.exchange(refresh_token)
    except Refusal as refusal:
        if refusal.word in ENDS:
            raise
        raise Unavailable("identity", refusal.word, reached=True) from refusal


class _Exchanges:
    """Requests that arrive with the same refresh token share one exchange, and its outcome."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Future[Session]]] = {}

    def exchange(self, refresh_token: str) -> Session:
        outcome, is_first = self._outcome_of(refresh_token)
        if is_first:
            try:
                outcome.set_result(identity.refresh(refresh_token))
            except Exception as error:
                self._forget(refresh_token)
                outcome.set_exception(error)
                raise
        return outcome.result()

    def _outcome_of(self, refresh_token: str) -> tuple[Future[Session], bool]:
        now = time.monotonic()
        with self._lock:
            self._known = {
                token: known for token, known in self._known.items() if now - known[0] < REUSE_WINDOW
            }
            is_first = refresh_token not in self._known
            if is_first:
                self._known[refresh_token] = (now, Future())
            return self._known[refresh_token][1], is_first

    def _forget(self, refresh_token: str) -> None:
        with self._lock:
            self._known.pop(refresh_token, None)


_exchanges = _Exchanges()
