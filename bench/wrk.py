"""wrk, where it is installed, for pages that are answered faster than a Python driver asks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from bench.load import full
from bench.visits import Read

SCRIPT = Path(__file__).parent / "visitors.lua"
REPORT = re.compile(
    r"^visitors requests=(\d+) failed=(\d+) microseconds=(\d+) p50=(\d+) p95=(\d+) p99=(\d+)", re.MULTILINE
)


def read(port: int, path: str, *, connections: int, seconds: int) -> dict[str, Any]:
    """As many reads of one page as go, by visitors of many addresses: rate, failed, latency, driver."""
    program = shutil.which("wrk")
    if program is None:
        loaded = full(port, Read(path), connections=connections, seconds=seconds)
        return {"rate": loaded.rate, "failed": loaded.others(), "driver": "asyncio", **loaded.latency()}
    command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(SCRIPT)]
    run = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True
    )
    report = REPORT.search(run.stdout)
    if report is None:
        raise RuntimeError(f"wrk said nothing of use:\n{run.stdout}\n{run.stderr}")
    requests, failed, microseconds, *percentiles = map(int, report.groups())
    latency = {f"p{share}_ms": value / 1000 for share, value in zip((50, 95, 99), percentiles, strict=True)}
    rate = (requests - failed) / microseconds * 1e6
    return {"rate": rate, "failed": failed, "driver": "wrk", **latency}
