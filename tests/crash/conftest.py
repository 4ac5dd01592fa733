"""Our services in processes of their own, which fall at a call that a test names."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from apiflask import APIFlask

from local.settings import ROOT
from local.stack import Stack
from tests.application import app_for
from tests.crash.proxy import Fall, Watch, between


class Process:
    """Runs services one at a time, each in a child of its own."""

    def __init__(self, program: subprocess.Popen[str], watch: Watch) -> None:
        self._program = program
        self._watch = watch

    def run(
        self, service: str, *arguments: Any, fall: Fall | None = None, caller: dict[str, Any] | None = None
    ) -> int:
        """Run `module:function`; its exit status: 0 done, 1 failed, 2 refused, 9 (SIGKILL) fallen."""
        known = threading.Event()
        child: list[int] = []

        def kill() -> None:
            assert known.wait(10)
            os.kill(child[0], signal.SIGKILL)

        self._watch.start(fall, kill)
        order = {"run": service, "arguments": arguments, "caller": caller or {}}
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(json.dumps(order) + "\n")
        self._program.stdin.flush()
        child.append(int(self._program.stdout.readline()))
        known.set()
        status = int(self._program.stdout.readline())
        return signal.SIGKILL if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)

    @property
    def calls(self) -> list[str]:
        """What the last run asked of the database and of Stripe."""
        return list(self._watch.seen)


@pytest.fixture(scope="session")
def app(stack: Stack) -> APIFlask:
    return app_for(stack)


@pytest.fixture(scope="module")
def process(stack: Stack) -> Iterator[Process]:
    """Sees the database and Stripe through proxies."""
    watch = Watch()
    with ExitStack() as proxies:
        told = {
            **stack.settings.app_environment(),
            "SUPABASE_URL": proxies.enter_context(between(stack.settings.supabase_url, watch)),
            "STRIPE_API_URL": proxies.enter_context(between(stack.settings.stripe_url, watch)),
            "LOG_LEVEL": "ERROR",
        }
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.runner"],
            cwd=ROOT,
            env={**os.environ, **told},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        yield Process(program, watch)
        assert program.stdin
        program.stdin.close()
        program.wait(10)
