"""The app as a process of its own, as production runs it, so that it can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local.parts import answers, procfile
from local.settings import ROOT, free_port, inherited_environment
from local.stack import Stack
from tests.waiting import eventually


@dataclass
class Web:
    """gunicorn, serving at `url`."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it and its workers at once, as a crashing machine would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def web(stack: Stack, **environment: str) -> Iterator[Web]:
    """The web process of the Procfile against a stack, with some settings changed."""
    port = free_port()
    process = subprocess.Popen(
        procfile()["web"],
        cwd=ROOT,
        env={
            **inherited_environment(),
            **stack.settings.app_environment(),
            "TRUSTED_PROXIES": "1",
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}",
            **environment,
        },
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    running = Web(f"http://127.0.0.1:{port}", process)
    try:
        eventually(answers(f"{running.url}/healthz"), 60)
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(10)
