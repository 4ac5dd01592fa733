"""Proof that a person is there: Cloudflare's Turnstile, where its keys are set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import httpx

from services import caller
from services.outside.pool import Pool
from services.outside.provider import Provider
from services.refusals import Unavailable

if TYPE_CHECKING:
    from config import Settings

ORIGIN = "https://challenges.cloudflare.com"
VERIFY = f"{ORIGIN}/turnstile/v0/siteverify"
TIMEOUT = httpx.Timeout(3.0, connect=1.0)


class Challenge(Protocol):
    """Who judges answers to a challenge."""

    def passed(self, answer: str) -> bool:
        """Whether this answer, given in the caller's browser, is right. Raises Unavailable."""
        ...


class Turnstile:
    """Each answer is good for one time and five minutes."""

    def __init__(self, settings: Settings, pool: Pool | None = None) -> None:
        self._secret = settings.turnstile_secret_key
        self._pool = pool or Pool(timeout=TIMEOUT)
        self._provider = Provider("challenge")

    def passed(self, answer: str) -> bool:
        shown = {"secret": self._secret, "response": answer, "remoteip": caller.current().address}
        with self._provider.calling("verify"):
            try:
                verdict = self._pool.client.post(VERIFY, data=shown).raise_for_status().json()
            except (httpx.HTTPError, ValueError) as error:
                raise Unavailable("challenge", type(error).__name__) from error
        return bool(verdict.get("success"))
