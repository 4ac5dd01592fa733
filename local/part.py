"""One process of the stack: started with its log, asked whether it is ready, stopped with its children."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.settings import ROOT, StackError

PR_SET_PDEATHSIG = 1


@dataclass
class Part:
    """`ready` says whether the part serves; `advice` tells a person what to do when it cannot start."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool]
    advice: str
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path = ROOT
    process_options: Mapping[str, Any] = field(default_factory=dict)
    stop_signal: str = "SIGTERM"
    patience: float = 30.0
    process: subprocess.Popen[bytes] | None = None
    log: Path = Path(os.devnull)

    def start(self, logs: Path) -> None:
        """Start the process in a group of its own, so that Ctrl-C reaches the supervisor alone."""
        self.log = logs / f"{self.name}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.process_options,
            )

    def wait_until_ready(self) -> None:
        """Return once the part serves; raises StackError when it stops or takes too long."""
        deadline = time.monotonic() + self.patience
        while not self.ready():
            if not self.is_running():
                raise StackError(self.failure("stopped before it was ready"))
            if time.monotonic() > deadline:
                raise StackError(self.failure(f"was not ready within {self.patience:.0f} seconds"))
            time.sleep(0.05)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def failure(self, what: str) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        told = "\n".join(f"    {line}" for line in lines) or "    (it said nothing)"
        ended = f" (exit status {self.process.returncode})" if self.process and self.process.poll() else ""
        return f"{self.name} {what}{ended}.\n{told}\n  {self.advice}\n  The whole log: {self.log}"

    def stop(self) -> None:
        """Ask the part to end; after ten seconds end it and what it started by force."""
        if self.process is None:
            return
        if self.is_running():
            self.process.send_signal(signal.Signals[self.stop_signal])
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def die_with_parent(stop_signal: str) -> Callable[[], None] | None:
    """On Linux, have the kernel stop a part whose supervisor was killed, so that nothing is left running."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    number = signal.Signals[stop_signal].value
    return lambda: libc.prctl(PR_SET_PDEATHSIG, number)
