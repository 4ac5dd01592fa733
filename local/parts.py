"""The parts of the stack, in the order in which they start."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from local import supabase_settings
from local.part import Part
from local.settings import ROOT, Settings, inherited_environment, node

OPTIONAL = ("supabase", "stripe", "inbox", "web", "worker")


def supabase(settings: Settings) -> Part:
    return Part(
        name="supabase",
        command=[node(), str(ROOT / "local" / "supabase" / "server.mjs")],
        environment={**inherited_environment(), "SUPABASE_SETTINGS": str(supabase_settings.write(settings))},
        ready=answers(f"{settings.supabase_url}/healthz"),
        advice="If a package is missing, run: make install. If its port is taken, set SUPABASE_PORT.",
        folder=settings.state,
    )


def stripe(settings: Settings) -> Part:
    return python_part(
        settings, "stripe", [sys.executable, "-m", "local.stripe_sandbox"], settings.stripe_url
    )


def inbox(settings: Settings) -> Part:
    return python_part(settings, "inbox", [sys.executable, "-m", "local.inbox"], settings.inbox_url)


def web(settings: Settings) -> Part:
    """The app as production runs it (Procfile), on this machine's own address."""
    part = python_part(settings, "web", procfile()["web"], settings.site_url)
    bind = f"--bind 127.0.0.1:{settings.web_port}"
    part.environment = {**part.environment, "GUNICORN_CMD_ARGS": bind}
    return part


def worker(settings: Settings) -> Part:
    part = python_part(settings, "worker", procfile()["worker"], settings.site_url)
    part.ready = lambda: True
    return part


def python_part(settings: Settings, name: str, command: list[str], url: str) -> Part:
    return Part(
        name=name,
        command=command,
        environment={**inherited_environment(), **settings.app_environment(), **settings.stack_environment()},
        ready=answers(f"{url}/healthz"),
        advice="If a package is missing, run: make install. If its port is taken, set another.",
    )


def answers(url: str) -> Callable[[], bool]:
    """A probe that is true once a GET of `url` answers 200."""

    def probe() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return probe


def procfile(file: Path = ROOT / "Procfile") -> dict[str, list[str]]:
    """Process names and their commands, as a PaaS reads them."""
    lines = (line.partition(":") for line in file.read_text().splitlines() if line.strip())
    return {name: ["sh", "-c", f"exec {command.strip()}"] for name, _, command in lines}
