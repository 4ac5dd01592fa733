"""Finds the Chromium or Chrome that tests drive; run as a program, it says which."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ABSENCE = (
    "No Chromium or Chrome was found: the browser journey is LEFT OUT. "
    "Install one, or run `make test` as root on Debian."
)


def find() -> str | None:
    """The program's path: CHROMIUM when set, else one in PATH, else a Mac application."""
    named = os.environ.get("CHROMIUM")
    installed = (shutil.which(name) for name in NAMES)
    applications = (path for path in APPLICATIONS if Path(path).exists())
    return named or next((path for path in (*installed, *applications) if path), None)


def main() -> None:
    program = find()
    if program is None:
        sys.exit(ABSENCE)
    sys.stdout.write(f"The browser journey runs in {program}.\n")


if __name__ == "__main__":
    main()
