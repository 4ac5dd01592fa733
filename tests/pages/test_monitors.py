"""What monitors are told of the worker, over the real database."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from local.stack import Stack
from services.job_runs import Logbook
from tests.application import Browser


def test_the_last_run_of_a_job_is_told(app: APIFlask, stack: Stack) -> None:
    with app.app_context():
        logbook = Logbook()
        logbook.note("water the plants", "ok", 3, 0.25, None)
        logbook.note("water the plants", "unavailable", 0, 1.5, "stripe: resting")
    shown = {"Authorization": f"Bearer {stack.settings.secrets.metrics}"}
    told: Any = Browser(app).get("/readyz", headers=shown).json
    (run,) = (run for run in told["jobs"]["runs"] if run["name"] == "water the plants")
    assert (run["milliseconds"], run["handled"], run["handled_total"]) == (1500, None, 3)
    assert run["failure"] == "stripe: resting"
    assert run["failed_at"] == run["ran_at"]
    measured = Browser(app).get("/metrics", headers=shown).text
    assert 'guichet_job_last_run_seconds{job="water the plants"} 1.5' in measured
