"""A web process starts fast, calls nobody, and says what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.contract.test_settings import COMPLETE

QUIET_START = """
import socket, sys, time
def refuse(*_): raise SystemExit("called somebody")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
started = time.perf_counter()
from app import create_app
create_app()
print(time.perf_counter() - started)
"""


def start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_start_takes_less_than_a_second_and_calls_nobody() -> None:
    runs = [start(QUIET_START, **COMPLETE) for _ in range(3)]
    assert all(run.returncode == 0 for run in runs), runs[0].stderr
    assert min(float(run.stdout.splitlines()[-1]) for run in runs) < 1.0


def test_a_start_without_settings_names_them() -> None:
    run = start("from app import create_app; create_app()", **dict.fromkeys(COMPLETE, ""))
    assert run.returncode != 0
    assert all(f"{name} is missing" in run.stderr for name in COMPLETE)
