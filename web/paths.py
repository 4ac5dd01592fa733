"""Where a visitor may be sent."""

from __future__ import annotations

import re

# One slash, then anything that browsers cannot read as another host: "//" and "/\" lead away from here.
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """Return `wanted` if it is a path of this site, else `otherwise`."""
    return wanted if wanted and LOCAL.fullmatch(wanted) else otherwise
