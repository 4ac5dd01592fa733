"""What a scenario found, as a line of JSON, a line of a table, and a file to keep."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.settings import ROOT

FOLDER = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Result:
    """`ratio` is value by baseline; `at_least` or `at_most` is what performance promises of it."""

    scenario: str
    value: float
    unit: str
    against: str = ""
    baseline: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def judged(self) -> float:
        return self.ratio if self.ratio is not None else self.value

    @property
    def kept(self) -> bool | None:
        """Whether the promise holds; None where none was made."""
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or self.judged >= self.at_least) and (
            self.at_most is None or self.judged <= self.at_most
        )

    def line(self) -> str:
        """One JSON object."""
        told = {
            "scenario": self.scenario,
            "value": rounded(self.value),
            "unit": self.unit,
            "against": self.against,
            "baseline": rounded(self.baseline),
            "ratio": rounded(self.ratio),
            "promise": self.promise(),
            "kept": self.kept,
            **self.detail,
        }
        return json.dumps({name: value for name, value in told.items() if value not in (None, "")})

    def promise(self) -> str:
        parts = [
            f"{sign} {bound:g}"
            for sign, bound in (("≥", self.at_least), ("≤", self.at_most))
            if bound is not None
        ]
        return " and ".join(parts)


def rounded(value: float | None) -> float | None:
    """Three figures are all that a measurement of this kind is good for."""
    return None if value is None else float(f"{value:.3g}")


def table(results: list[Result]) -> str:
    """All results side by side."""
    rows = [("scenario", "value", "", "ratio", "promise", "", "against")]
    marks = {True: "kept", False: "MISSED", None: ""}
    rows += [
        (
            result.scenario,
            f"{rounded(result.value):,g}",
            result.unit,
            "" if result.ratio is None else f"{rounded(result.ratio):g}",
            result.promise(),
            marks[result.kept],
            result.against + ("" if result.baseline is None else f": {rounded(result.baseline):,g}"),
        )
        for result in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(7)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in (1, 3) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def write(results: list[Result], seconds: float) -> Path:
    """Keep a run with its machine, versions and date. Returns the file."""
    FOLDER.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    file = FOLDER / f"{at:%Y%m%dT%H%M%S}.json"
    run = {
        "at": at.isoformat(timespec="seconds"),
        "seconds": round(seconds),
        "machine": machine(),
        "versions": versions(),
        "results": [{**asdict(result), "ratio": result.ratio, "kept": result.kept} for result in results],
    }
    file.write_text(json.dumps(run, indent=2) + "\n")
    return file


def machine() -> dict[str, Any]:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "system": platform.platform(),
        "processor": model or platform.machine(),
        "cores": os.cpu_count(),
        "memory_mib": pages // 2**20,
        "load_before": os.getloadavg()[0],
    }


def versions() -> dict[str, str]:
    from importlib.metadata import version

    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    python = {name: version(name) for name in ("flask", "gunicorn", "httpx", "pydantic")}
    return {"guichet": described.stdout.strip(), "python": platform.python_version(), **python}
