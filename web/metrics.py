"""What Prometheus reads: requests by route, calls to providers, and the state of the jobs."""

from __future__ import annotations

import time
from datetime import datetime
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
kept_answers = Counter(
    "guichet_kept_answers_total", "Answers given from the short public cache", registry=REGISTRY
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
def _count_run(job: str, outcome: str, handled: int, **_: object) -> None:
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
    """job_status's answer as gauges: what waits by kind, the oldest message due, and each job's last run."""
    registry = CollectorRegistry()
    waiting = Gauge("guichet_backlog", "What the worker has before it", ["kind"], registry=registry)
    oldest = Gauge(
        "guichet_outbox_oldest_seconds", "How long the oldest message has been due", registry=registry
    )
    waiting.labels("deliveries").set(backlog["outbox"]["due"])
    oldest.set(backlog["outbox"]["oldest_seconds"])
    for kind in ("lapsed_holds", "refunds_due", "checkouts_to_close"):
        waiting.labels(kind).set(backlog[kind])
    _tell_runs(backlog["runs"], registry)
    return registry


def _tell_runs(runs: list[dict[str, Any]], registry: CollectorRegistry) -> None:
    """The last run of each job on any machine: when, how long it took, what it did, when one failed."""
    ran_at = Gauge("guichet_job_last_run_timestamp", "When it last ran", ["job"], registry=registry)
    took = Gauge("guichet_job_last_run_seconds", "How long that took", ["job"], registry=registry)
    did = Gauge("guichet_job_last_run_handled", "How much it handled", ["job"], registry=registry)
    failed_at = Gauge("guichet_job_last_failure_timestamp", "When one failed", ["job"], registry=registry)
    for run in runs:
        ran_at.labels(run["name"]).set(_unix_time(run["ran_at"]))
        took.labels(run["name"]).set(run["milliseconds"] / 1000)
        did.labels(run["name"]).set(run["handled"] or 0)
        if run["failed_at"]:
            failed_at.labels(run["name"]).set(_unix_time(run["failed_at"]))


def _unix_time(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
