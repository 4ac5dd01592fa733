"""Pictures as people send them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    target = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(target, kind, **options)
    return target.getvalue()


def png() -> bytes:
    return picture("PNG")
