"""What Prometheus reads: requests by route, calls to providers, and the state of the jobs."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from config import Settings
from services.jobs import job_ran
from services.outside.provider import outside_called

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REGISTRY = CollectorRegistry()

request_seconds = Histogram(
    "guichet_request_seconds",
    "Time to answer",
    ["method", "route", "status"],
    buckets=BUCKETS,
    registry=REGISTRY,
)
outside_seconds = Histogram(
    "guichet_outside_call_seconds",
    "Time of calls to providers",
    ["provider", "operation", "outcome"],
    buckets=BUCKETS,
    registry=REGISTRY,
)
job_runs = Counter("guichet_job_runs_total", "Runs of background jobs", ["job", "outcome"], registry=REGISTRY)
job_handled = Counter("guichet_job_handled_total", "Things handled by jobs", ["job"], registry=REGISTRY)


def init_app(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.measured_from = time.perf_counter()

    @app.after_request
    def measure(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        seconds = time.perf_counter() - g.get("measured_from", time.perf_counter())
        request_seconds.labels(request.method, route, str(response.status_code)).observe(seconds)
        return response


@job_ran.connect
def _count_run(job: str, outcome: str, handled: int) -> None:
    job_runs.labels(job, outcome).inc()
    job_handled.labels(job).inc(handled)


@outside_called.connect
def _count_call(provider: str, operation: str, seconds: float, outcome: str) -> None:
    outside_seconds.labels(provider, operation, outcome).observe(seconds)


def exposition(settings: Settings) -> bytes:
    """Everything measured, by this process or, when a shared folder is set, by all of them."""
    if settings.prometheus_multiproc_dir is None:
        return generate_latest(REGISTRY)
    pooled = CollectorRegistry()
    MultiProcessCollector(pooled, settings.prometheus_multiproc_dir)  # type: ignore[no-untyped-call]
    return generate_latest(pooled)
