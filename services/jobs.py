"""The work behind the pages. Each job claims its rows by lease in Postgres, so many loops may run."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from blinker import Namespace

from services import checkouts, reconciliation, refunds
from services.deliveries import send_due_deliveries
from services.outside import database
from services.refusals import Unavailable

log = structlog.stdlib.get_logger("guichet.jobs")

# Sent after each run with the job's name, its outcome (ok, unavailable, failed), how much it handled, how
# many seconds it took, and why it failed, if it did.
job_ran = Namespace().signal("job-ran")

LONGEST_PAUSE = 60.0  # seconds between attempts while a provider is away


@dataclass(frozen=True, slots=True)
class Job:
    """`run` handles one batch and returns how many things that were; while there are any it runs again."""

    name: str
    every: float  # seconds
    run: Callable[[], int]


def expire_holds() -> int:
    expired: int = database.call_as_service("expire_holds", batch=200)["expired"]
    return expired


def settle_cancelled_events() -> int:
    worked_off = database.call_as_service("settle_cancelled_events", batch=100)
    return int(worked_off["settled"]) + int(worked_off["closed"])


def tend_events() -> int:
    tended = database.call_as_service("tend_events", batch=100)
    return int(tended["cancelled"]) + int(tended["completed"])


JOBS = [
    Job("expire holds", 2, expire_holds),
    Job("tend events", 10, tend_events),
    Job("settle cancelled events", 5, settle_cancelled_events),
    Job("close checkouts", 2, checkouts.close_due),
    Job("send refunds", 5, refunds.send_due),
    Job("send deliveries", 2, send_due_deliveries),
    Job("reconcile with Stripe", 900, reconciliation.reconcile_recent),
]


def run_once(jobs: list[Job] | None = None) -> int:
    """Run every job until it finds nothing more to do. Returns how many jobs failed."""
    failures = 0
    for job in JOBS if jobs is None else jobs:
        handled: int | None = 1
        while handled:
            handled = _run(job)
        failures += handled is None
    return failures


def run_until(stop: threading.Event, jobs: list[Job] | None = None) -> None:
    """Run the jobs, each at its own pace, until `stop` is set; a batch that has begun is finished first."""
    clocks = [_Clock(job) for job in (JOBS if jobs is None else jobs)]
    log.info("worker started", jobs=[clock.job.name for clock in clocks])
    while not stop.is_set():
        clock = min(clocks, key=lambda clock: clock.due)
        if stop.wait(max(0.0, clock.due - time.monotonic())):
            break
        clock.advance(_run(clock.job))
    log.info("worker stopped")


class _Clock:
    """When a job is due next: at once after work, at its pace without, ever later while it fails."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.due = time.monotonic()
        self._failures = 0

    def advance(self, handled: int | None) -> None:
        self._failures = self._failures + 1 if handled is None else 0
        if handled:
            pause = 0.0
        elif handled == 0:
            pause = self.job.every
        else:
            pause = min(LONGEST_PAUSE, self.job.every * 2**self._failures)
        self.due = time.monotonic() + pause * random.uniform(0.9, 1.1)  # noqa: S311 (spreads the load, keeps no secret)


def _run(job: Job) -> int | None:
    """Run one batch; None when it failed."""
    started = time.perf_counter()
    handled, outcome, failure = _tried(job)
    seconds = time.perf_counter() - started
    job_ran.send(job.name, outcome=outcome, handled=handled or 0, seconds=seconds, failure=failure)
    return handled


def _tried(job: Job) -> tuple[int | None, str, str | None]:
    try:
        return job.run(), "ok", None
    except Unavailable as error:
        log.warning("job put off", job=job.name, provider=error.provider, reason=error.reason)
        return None, "unavailable", str(error)
    except Exception as error:
        log.exception("job failed", job=job.name)
        return None, "failed", f"{type(error).__name__}: {error}"
