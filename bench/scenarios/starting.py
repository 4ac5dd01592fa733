"""How long a web process takes to start, and how much memory everything takes at rest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.processor import family
from bench.results import Result
from bench.scenarios.paying import WAKING
from bench.scenarios.peers import PRETIX
from bench.site import Site
from local.settings import ROOT

# Starts the app where every attempt to reach the network fails, and tells how long that took.
START = """
import socket, time
def refuse(*_): raise AssertionError("the app called somebody before its first request")
socket.socket.connect = socket.socket.connect_ex = refuse
began = time.perf_counter()
from app import create_app
create_app()
print(time.perf_counter() - began)
"""
OURS = ("web", "worker")


def cold_start(site: Site, times: int = 5) -> list[Result]:
    """Imports and create_app in a new process, the quickest of five: others measure the disk."""
    environment = {**os.environ, **site.settings.app_environment()}
    took = [
        float(
            subprocess.run(
                [sys.executable, "-c", START],
                env=environment,
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for _ in range(times)
    ]
    return [Result("cold start", min(took), "s", at_most=1, detail={"slowest": round(max(took), 2)})]


def memory(site: Site) -> list[Result]:
    """Proportional memory of every process, before anybody has come."""
    site.stack.add("worker")
    time.sleep(WAKING)
    parts = {part.name: part.process.pid for part in site.stack.running if part.process}
    mebibytes = {name: round(sum(map(_proportional, family(pid)))) for name, pid in parts.items()}
    site.stack.remove("worker")
    ours = sum(mebibytes[name] for name in OURS)
    return [
        Result(
            "memory, whole stack",
            sum(mebibytes.values()),
            "MiB",
            "pretix",
            PRETIX["memory"],
            at_most=0.5,
            detail=mebibytes,
        ),
        Result("memory, web and worker", ours, "MiB", "pretix", PRETIX["memory"], at_most=0.2),
    ]


def _proportional(pid: int) -> float:
    """Resident memory in MiB, shared pages counted by share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
