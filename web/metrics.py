"""What Prometheus reads: requests by route, calls to providers, and the state of the jobs."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
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


def exposition(settings: Settings, backlog: dict[str, Any] | None) -> bytes:
    """What this process measured (all of them, where a folder is shared), and what waits for a worker."""
    return generate_latest(_measured(settings)) + (generate_latest(_waiting(backlog)) if backlog else b"")


def _measured(settings: Settings) -> CollectorRegistry:
    if settings.prometheus_multiproc_dir is None:
        return REGISTRY
    pooled = CollectorRegistry()
    MultiProcessCollector(pooled, settings.prometheus_multiproc_dir)  # type: ignore[no-untyped-call]
    return pooled


def _waiting(backlog: dict[str, Any]) -> CollectorRegistry:
    """job_status's answer as gauges: guichet_backlog by kind, and how long the oldest message is due."""
    registry = CollectorRegistry()
    waiting = Gauge("guichet_backlog", "What the worker has before it", ["kind"], registry=registry)
    oldest = Gauge(
        "guichet_outbox_oldest_seconds", "How long the oldest message has been due", registry=registry
    )
    waiting.labels("deliveries").set(backlog["outbox"]["due"])
    oldest.set(backlog["outbox"]["oldest_seconds"])
    for kind in ("lapsed_holds", "refunds_due", "checkouts_to_close"):
        waiting.labels(kind).set(backlog[kind])
    return registry
