"""What monitors are told."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from services.outside.database import Database
from services.outside.identity import Identity
from tests.application import calls_counted
from tests.contract.outside import app_with, settings, wire

DOWN = httpx.ConnectError("down")
BACKLOG = {
    "outbox": {"due": 2, "oldest_seconds": 7},
    "lapsed_holds": 1,
    "refunds_due": 0,
    "checkouts_to_close": 3,
    "runs": [
        {
            "name": "send refunds",
            "ran_at": "2026-11-20T12:00:00.5+00:00",
            "milliseconds": 1250,
            "handled": 3,
            "handled_total": 41,
            "failed_at": None,
            "failure": None,
        },
        {
            "name": "reconcile with Stripe",
            "ran_at": "2026-11-20T11:45:00+00:00",
            "milliseconds": 10000,
            "handled": None,
            "handled_total": 7,
            "failed_at": "2026-11-20T11:45:00+00:00",
            "failure": "stripe: resting",
        },
    ],
}
JOBS = httpx.Response(200, json=BACKLOG)
TOKEN = "a-token-of-16-characters"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
WELL = httpx.Response(200, json={})


class Clock:
    """Moved by hand."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


def app_at(database: Any = JOBS, auth: Any = WELL, **changes: Any) -> APIFlask:
    told = settings(**changes)
    return app_with(
        told, database=Database(told, wire(database).pool), identity=Identity(told, wire(auth).pool)
    )


def test_alive_asks_nobody() -> None:
    answer = app_at(DOWN, DOWN).test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_tells_database_auth_and_outbox_and_nothing_more() -> None:
    answer = app_at(metrics_token=TOKEN).test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "checks": {"database": "ok", "auth": "ok", "outbox": "ok"}}


def test_a_late_outbox_is_told_and_no_reason_to_stop() -> None:
    late = httpx.Response(200, json=BACKLOG | {"outbox": {"due": 2, "oldest_seconds": 601}})
    answer: Any = app_at(late).test_client().get("/readyz")
    assert (answer.status_code, answer.json["checks"]["outbox"]) == (200, "late")


@pytest.mark.parametrize(
    ("database", "auth", "checks"),
    [
        (DOWN, WELL, {"database": "unavailable", "auth": "ok", "outbox": "unavailable"}),
        (JOBS, DOWN, {"database": "ok", "auth": "unavailable", "outbox": "ok"}),
        (DOWN, DOWN, {"database": "unavailable", "auth": "unavailable", "outbox": "unavailable"}),
    ],
)
def test_not_ready_without_database_or_auth(database: Any, auth: Any, checks: dict[str, str]) -> None:
    answer = app_at(database, auth).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "checks": checks}


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (401, "PGRST301", "sign_in_required"),
        (403, "42501", "sign_in_required"),
        (404, "PGRST202", "the database refused the call itself: PGRST202 no"),
        (500, "42P01", "the database refused the call itself: 42P01 no"),
    ],
)
def test_not_ready_when_the_database_answers_but_does_not_serve(status: int, code: str, why: str) -> None:
    refusal = httpx.Response(status, json={"code": code, "message": "no", "details": None, "hint": None})
    client = app_at(refusal, metrics_token=TOKEN).test_client()
    answer: Any = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["database"]) == (503, "unavailable")
    told: Any = client.get("/readyz", headers=SHOWN).json
    assert told["failures"] == {"database": why}
    assert client.get("/metrics", headers=SHOWN).status_code == 200


def test_why_is_told_to_those_who_know_the_token() -> None:
    client = app_at(auth=DOWN, metrics_token=TOKEN).test_client()
    assert "failures" not in client.get("/readyz", headers={"Authorization": "Bearer wrong"}).text
    told: Any = client.get("/readyz", headers=SHOWN).json
    assert (told["failures"], told["jobs"]) == ({"auth": "ConnectError"}, BACKLOG)


def test_without_a_token_nobody_is_told_why() -> None:
    assert "failures" not in app_at(auth=DOWN).test_client().get("/readyz", headers=SHOWN).text


@pytest.mark.parametrize("auth", [WELL, DOWN])
def test_however_many_ask_the_database_and_auth_are_asked_once_a_second(
    auth: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr("services.readiness.time", clock)
    client = app_at(auth=auth).test_client()
    with calls_counted() as calls:
        answers = {client.get(f"/readyz?{number}").status_code for number in range(20)}
    assert calls == {"database": 1, "identity": 1}
    assert answers == {200 if auth is WELL else 503}
    clock.now += 1.1
    with calls_counted() as calls:
        client.get("/readyz")
    assert calls == {"database": 1, "identity": 1}


def test_metrics_are_for_those_who_know_the_token() -> None:
    client = app_at(metrics_token=TOKEN).test_client()
    client.get("/healthz")
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    shown = client.get("/metrics", headers=SHOWN)
    assert shown.status_code == 200
    assert 'guichet_request_seconds_count{method="GET",route="/healthz",status="200"}' in shown.text


def test_metrics_are_closed_without_a_token() -> None:
    assert app_at().test_client().get("/metrics").status_code == 404


def test_what_waits_for_a_worker_is_measured() -> None:
    shown = app_at(metrics_token=TOKEN).test_client().get("/metrics", headers=SHOWN).text
    assert 'guichet_backlog{kind="deliveries"} 2.0' in shown
    assert 'guichet_backlog{kind="checkouts_to_close"} 3.0' in shown
    assert "guichet_outbox_oldest_seconds 7.0" in shown


def test_the_last_run_of_each_job_is_measured() -> None:
    shown = app_at(metrics_token=TOKEN).test_client().get("/metrics", headers=SHOWN).text
    assert 'guichet_job_last_run_timestamp{job="send refunds"} 1.7951760005e+09' in shown
    assert 'guichet_job_last_run_seconds{job="send refunds"} 1.25' in shown
    assert 'guichet_job_last_run_handled{job="send refunds"} 3.0' in shown
    assert 'guichet_job_last_failure_timestamp{job="reconcile with Stripe"}' in shown
    assert 'guichet_job_last_failure_timestamp{job="send refunds"}' not in shown


def test_metrics_are_given_while_the_database_is_away() -> None:
    answer = app_at(DOWN, metrics_token=TOKEN).test_client().get("/metrics", headers=SHOWN)
    assert answer.status_code == 200
    assert "guichet_backlog" not in answer.text


def test_calls_to_providers_are_measured() -> None:
    client = app_at(metrics_token=TOKEN).test_client()
    client.get("/readyz")
    shown = client.get("/metrics", headers=SHOWN).text
    assert (
        'guichet_outside_call_seconds_count{operation="job_status",outcome="ok",provider="database"}' in shown
    )
