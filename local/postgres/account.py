"""Who runs Postgres: oneself, or `nobody` when started as root, since Postgres refuses to run as root."""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.settings import StackError


@dataclass(frozen=True)
class Account:
    """`uid` and `gid` are None when Postgres runs as whoever started the stack."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def suitable(cls) -> Account:
        if os.geteuid() != 0:
            return cls()
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, grp.getgrgid(nobody.pw_gid).gr_gid)

    def process_options(self) -> dict[str, Any]:
        """Arguments for subprocess that start a program as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether every folder on the way to `path` lets this account pass."""
        return self.uid is None or all(self._passes(folder) for folder in [path, *path.resolve().parents])

    def _passes(self, folder: Path) -> bool:
        if not folder.exists():
            return True
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)

    def owns(self, folder: Path) -> None:
        """Make `folder` exist as this account's private one; raises StackError when it is someone else's."""
        folder.mkdir(parents=True, exist_ok=True)
        if folder.lstat().st_uid not in {os.geteuid(), self.uid}:
            raise StackError(f"{folder} belongs to someone else. Remove it, or set GUICHET_STATE.")
        folder.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def home(self, state: Path) -> Path:
        """Where data may lie: in the state folder, or in /var/tmp when that is out of reach (below /root)."""
        inside = state / "postgres"
        if self.reaches(inside):
            return inside
        return Path("/var/tmp") / f"guichet-{hashlib.sha256(str(state).encode()).hexdigest()[:16]}"
