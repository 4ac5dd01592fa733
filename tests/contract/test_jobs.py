"""The loop behind the pages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest

from services import jobs
from services.job_runs import Logbook
from services.jobs import Job
from services.refusals import Unavailable
from tests.contract.outside import app_with
from tests.contract.test_settings import COMPLETE

PATIENCE = 20  # seconds, on a busy machine
EARLIEST = 0.9  # of a pause: jobs spread by a tenth


def answering(*answers: int | Exception) -> tuple[list[float], Callable[[], int]]:
    """A job that answers in turn, its last answer ever after; and when it was called."""
    called: list[float] = []

    def run() -> int:
        called.append(time.monotonic())
        answer = answers[min(len(called), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return called, run


@pytest.fixture
def working() -> Iterator[Callable[..., None]]:
    """Runs a loop in the background until it has done enough."""
    stop = threading.Event()

    def work(enough: Callable[[], bool], *loop: Job) -> None:
        thread = threading.Thread(target=jobs.run_until, args=(stop, list(loop)))
        thread.start()
        given_up_at = time.monotonic() + PATIENCE
        while not enough() and time.monotonic() < given_up_at:
            time.sleep(0.01)
        stop.set()
        thread.join(2)
        assert not thread.is_alive()

    yield work
    stop.set()


def pauses(called: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(called)]


def test_each_job_has_its_pace(working: Callable[..., None]) -> None:
    often, quick = answering(0)
    seldom, slow = answering(0)
    working(lambda: len(seldom) >= 3, Job("quick", 0.05, quick), Job("slow", 0.3, slow))
    assert min(pauses(seldom)) >= 0.3 * EARLIEST
    assert min(pauses(often)) >= 0.05 * EARLIEST
    assert len(often) > len(seldom) == 3


def test_a_job_with_more_to_do_goes_on_at_once(working: Callable[..., None]) -> None:
    called, run = answering(20, 20, 3, 0)
    working(lambda: len(called) >= 4, Job("batch", 10, run))
    assert len(called) == 4


def test_a_busy_job_leaves_the_others_their_turn(working: Callable[..., None]) -> None:
    busy, never_done = answering(1)
    called, run = answering(0)
    working(lambda: len(called) >= 3 and len(busy) > 5, Job("busy", 10, never_done), Job("calm", 0.05, run))
    assert len(busy) > 5
    assert len(called) >= 3


def test_a_job_whose_provider_is_away_waits_longer_each_time(working: Callable[..., None]) -> None:
    called, run = answering(Unavailable("mail", "down"))
    working(lambda: len(called) >= 4, Job("mail", 0.05, run))
    assert len(called) == 4
    assert all(
        pause >= 0.05 * 2**failures * EARLIEST for failures, pause in enumerate(pauses(called), start=1)
    )


def test_a_failing_job_does_not_stop_the_others(working: Callable[..., None]) -> None:
    _, fail = answering(RuntimeError("ours"))
    called, run = answering(0)
    working(lambda: len(called) >= 3, Job("broken", 0.05, fail), Job("calm", 0.05, run))
    assert len(called) >= 3


def test_once_means_until_nothing_is_left() -> None:
    called, run = answering(20, 3, 0)
    _, fail = answering(Unavailable("mail", "down"))
    assert jobs.run_once([Job("batch", 10, run), Job("mail", 10, fail)]) == 1
    assert len(called) == 3


def test_every_run_is_told() -> None:
    heard: list[tuple[str, str, int, str | None]] = []

    def listen(job: str, outcome: str, handled: int, seconds: float, failure: str | None) -> None:
        assert 0 <= seconds < 1
        heard.append((job, outcome, handled, failure))

    away, broken = Unavailable("mail", "down"), RuntimeError("ours")
    with jobs.job_ran.connected_to(listen):
        jobs.run_once(
            [
                Job("batch", 10, answering(3, 0)[1]),
                Job("mail", 10, answering(away)[1]),
                Job("broken", 10, answering(broken)[1]),
            ]
        )
    assert heard == [
        ("batch", "ok", 3, None),
        ("batch", "ok", 0, None),
        ("mail", "unavailable", 0, "mail: down"),
        ("broken", "failed", 0, "RuntimeError: ours"),
    ]


class Book:
    """The database's end of the logbook."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.trouble: Exception | None = None

    def call_as_service(self, function: str, /, **run: Any) -> None:
        assert function == "record_job_run"
        if self.trouble:
            raise self.trouble
        self.runs.append(run)


def test_runs_that_did_something_or_failed_are_noted_and_idle_ones_now_and_then() -> None:
    book = Book()
    with app_with(database=book).app_context():
        logbook = Logbook()
        for handled in (0, 0, 3, 0):
            logbook.note("batch", "ok", handled, 0.0123, None)
        logbook.note("batch", "unavailable", 0, 1, "mail: down")
    assert [(run["handled"], run["milliseconds"], run["failure"]) for run in book.runs] == [
        (0, 12, None),
        (3, 12, None),
        (None, 1000, "mail: down"),
    ]


def test_a_run_that_cannot_be_noted_is_noted_next_time() -> None:
    book = Book()
    with app_with(database=book).app_context():
        logbook = Logbook()
        book.trouble = Unavailable("database", "down")
        logbook.note("batch", "ok", 0, 0.1, None)
        book.trouble = None
        logbook.note("batch", "ok", 0, 0.1, None)
    assert len(book.runs) == 1


def flask(*words: str, **changes: str) -> subprocess.Popen[str]:
    environment = {**os.environ, **COMPLETE, "SUPABASE_URL": "http://127.0.0.1:9", **changes}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


class BeingMigrated(BaseHTTPRequestHandler):
    """The Data API while a function is replaced: it knows of none."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"code": "PGRST202", "message": "Could not find the function"}'
        self.send_response(404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_the_worker_outlives_a_migration() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BeingMigrated)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    worker = flask("work", SUPABASE_URL=f"http://127.0.0.1:{server.server_address[1]}")
    assert worker.stdout
    failed = 0
    for line in worker.stdout:
        failed += "job failed" in line
        if failed == 3:
            break
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=10)
    server.shutdown()
    server.server_close()
    assert (failed, worker.returncode) == (3, 0)


def test_the_worker_stops_when_told_to() -> None:
    worker = flask("work")
    assert worker.stdout
    for line in worker.stdout:
        if "worker started" in line:
            break
    worker.send_signal(signal.SIGTERM)
    rest, _ = worker.communicate(timeout=10)
    assert worker.returncode == 0
    assert "worker stopped" in rest


def test_one_round_fails_when_a_job_does() -> None:
    worker = flask("work", "--once")
    written, _ = worker.communicate(timeout=20)
    assert worker.returncode == 1
    assert "job put off" in written


@pytest.mark.parametrize("words", [("db", "push"), ("db", "check"), ("db", "seed")])
def test_the_database_commands_want_its_address(words: Any) -> None:
    command = flask(*words)
    written, _ = command.communicate(timeout=20)
    assert command.returncode == 1
    assert "DATABASE_URL is missing" in written
