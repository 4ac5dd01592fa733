"""What each job did last, kept in Postgres, so that every process can tell: /readyz and /metrics."""

from __future__ import annotations

import time

import structlog

from services.outside import database
from services.refusals import Unavailable

QUIET_SECONDS = 60.0  # runs that found nothing to do are noted no oftener

log = structlog.stdlib.get_logger("guichet.jobs")


class Logbook:
    """Notes the runs of one worker; connect `note` to `job_ran`. Needs an app context."""

    def __init__(self) -> None:
        self._noted: dict[str, float] = {}

    def note(self, job: str, outcome: str, handled: int, seconds: float, failure: str | None) -> None:
        """Note a run that did something or failed at once, others now and then. Never raises."""
        quiet = outcome == "ok" and not handled
        if quiet and time.monotonic() - self._noted.get(job, float("-inf")) < QUIET_SECONDS:
            return
        try:
            database.call_as_service(
                "record_job_run",
                name=job,
                milliseconds=round(seconds * 1000),
                handled=handled if outcome == "ok" else None,
                failure=failure,
            )
            self._noted[job] = time.monotonic()
        except Unavailable as error:
            log.warning("job run not noted", job=job, reason=error.reason)
        except Exception:
            log.exception("job run not noted", job=job)
