"""Whether what the app needs answers, for monitors: anyone may ask, so the answer is kept for a second."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from services.outside import database, identity
from services.refusals import Refusal, Unavailable

KEPT_SECONDS = 1.0
OUTBOX_IS_LATE_AFTER = 600  # seconds, as in the view of what needs a person


@dataclass(frozen=True, slots=True)
class Readiness:
    """What `job_status` tells, unless the database is away; and why who does not answer does not."""

    jobs: dict[str, Any] | None
    failures: dict[str, str]

    @property
    def is_ready(self) -> bool:
        """A late outbox is no reason to stop: whoever asks for pages gets them."""
        return not self.failures

    @property
    def checks(self) -> dict[str, str]:
        """`ok` or `unavailable`, and for the outbox `late`."""
        answers = {name: "unavailable" if name in self.failures else "ok" for name in ("database", "auth")}
        return {**answers, "outbox": self._outbox}

    @property
    def _outbox(self) -> str:
        if self.jobs is None:
            return "unavailable"
        return "late" if self.jobs["outbox"]["oldest_seconds"] > OUTBOX_IS_LATE_AFTER else "ok"


def backlog() -> dict[str, Any]:
    """What `job_status` tells. Raises Unavailable, also when the key or the function is refused."""
    try:
        jobs: dict[str, Any] = database.call_as_service("job_status")
    except (Refusal, RuntimeError) as error:
        raise Unavailable("database", str(error), reached=True) from error
    return jobs


def look() -> Readiness:
    """Ask the database and Auth."""
    jobs, failures = None, {}
    try:
        jobs = backlog()
    except Unavailable as error:
        failures["database"] = error.reason
    try:
        identity.check_health()
    except Unavailable as error:
        failures["auth"] = error.reason
    return Readiness(jobs, failures)


class Lookout:
    """Looks once a second at most, and one at a time: meanwhile the others are told what was seen last."""

    def __init__(self) -> None:
        self._seen: Readiness | None = None
        self._until = float("-inf")
        self._looking = threading.Lock()

    def seen(self) -> Readiness:
        if self._looking.acquire(blocking=self._seen is None):
            try:
                if time.monotonic() > self._until:
                    self._seen = look()
                    self._until = time.monotonic() + KEPT_SECONDS
            finally:
                self._looking.release()
        return self._seen or look()
