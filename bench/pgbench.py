"""Postgres alone, driven by pgbench: Debian's is taken, since the embedded Postgres brings none."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from bench.site import Site
from bench.world import SQL

CLIENTS = 16  # as many as the web processes have threads
RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)


class NoPgbench(Exception):
    """pgbench is not installed; the message says where it comes from."""


def program() -> str:
    """Where pgbench is. Raises NoPgbench."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    found = str(installed[-1]) if installed else shutil.which("pgbench")
    if not found:
        raise NoPgbench("pgbench is missing: on Debian, apt install postgresql-15 (or newer) brings it")
    return found


def rate(site: Site, script: str, *, first: int, last: int, seconds: int, clients: int = CLIENTS) -> float:
    """Transactions a second of bench/sql/<script>.pgbench on events `first` to `last`."""
    command = [program(), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1"]
    command += [f"--time={seconds}", f"--define=first={first}", f"--define=last={last}"]
    command += [f"--file={SQL / script}.pgbench", site.settings.database_url()]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    rates, failed = RATE.search(run.stdout), FAILED.search(run.stdout)
    if run.returncode or rates is None or failed is None or int(failed[1]):
        raise RuntimeError(f"pgbench {script} failed:\n{run.stdout}\n{run.stderr}")
    return float(rates[1])
