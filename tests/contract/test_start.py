"""A web process starts fast, calls nobody, and says what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.contract.test_settings import COMPLETE

QUIET_START = """
import socket, sys
def refuse(*_): raise SystemExit("called somebody")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from app import create_app
create_app()
if needless := {"psycopg", "numpy", "supabase"} & set(sys.modules):
    raise SystemExit(f"loaded {needless}, which no page needs")
"""


def start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_start_calls_nobody() -> None:
    # How long it takes is for the bench to say.
    run = start(QUIET_START, **COMPLETE)
    assert run.returncode == 0, run.stderr


def test_a_start_without_settings_names_them() -> None:
    run = start("from app import create_app; create_app()", **dict.fromkeys(COMPLETE, ""))
    assert run.returncode != 0
    assert all(f"{name} is missing" in run.stderr for name in COMPLETE)
