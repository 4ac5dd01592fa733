"""The worker's jobs, run to their end by a test."""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIFlask

from services import jobs, refunds
from services.deliveries import send_due_deliveries
from tests.database import Database


def run(app: APIFlask, *chosen: Callable[[], int]) -> None:
    """Run jobs until none of them finds anything more to do."""
    with app.app_context():
        while sum(job() for job in chosen):
            pass


def give_back(app: APIFlask) -> None:
    """Ask Stripe for every refund that is due."""
    run(app, refunds.send_due)


def settle_cancelled_events(app: APIFlask) -> None:
    """Give everyone their money back whose event was called off."""
    run(app, jobs.settle_cancelled_events, refunds.send_due)


def tend_events(app: APIFlask) -> None:
    """Call off what too few come to, at the time to look."""
    run(app, jobs.tend_events, jobs.settle_cancelled_events, refunds.send_due)


def send_mail(app: APIFlask, database: Database, address: str) -> None:
    """Send what waits for one address; only five go out a second, so other tests' mails go nowhere."""
    database.rows(
        "update public.deliveries set status = 'dead' where status = 'queued' and recipient <> %s", [address]
    )
    with app.app_context():
        while send_due_deliveries():
            pass
