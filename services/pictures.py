"""Pictures people send: decoded and drawn anew, so that nothing but pixels is kept."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import structlog
from PIL import Image, ImageOps

from services.outside import storage
from services.refusals import Refusal, Unavailable

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MEDIA_TYPE = "image/webp"
LARGEST = 5 * 1024 * 1024  # bytes
MOST_PIXELS = 40_000_000  # more is a decompression bomb, or of no use here
SIDE = 512  # pixels
WIDTHS = (480, 960, 1600)  # pixels; pages let the browser choose

COVERS = "covers"  # the bucket of events' pictures

log = structlog.stdlib.get_logger("guichet.pictures")


def forget(bucket: str, path: str | None) -> None:
    """Remove a picture that is shown no more; a failure costs some storage and must cost nothing else."""
    if path is None:
        return
    try:
        storage.remove(bucket, path)
    except (Refusal, Unavailable) as error:
        log.warning("a picture that is shown no more is still stored", path=path, reason=str(error))


def square(content: bytes) -> bytes:
    """Return the picture's middle as a WebP of 512 by 512 pixels, without metadata.

    The content alone tells its kind. Raises Refusal `picture_too_large` (413) or `picture_invalid` (422).
    """
    return _drawn(content, [(SIDE, SIDE)])[0]


def wide(content: bytes) -> dict[int, bytes]:
    """Return the picture's middle, 16 by 10, as a WebP for each of WIDTHS; otherwise like `square`."""
    sizes = [(width, width * 10 // 16) for width in WIDTHS]
    return dict(zip(WIDTHS, _drawn(content, sizes), strict=True))


def cover_file(path: str, width: int) -> str:
    """Where in the bucket an event's picture of a width lies; `path` is its folder."""
    return f"{path}/{width}.webp"


def _drawn(content: bytes, sizes: Sequence[tuple[int, int]]) -> list[bytes]:
    if len(content) > LARGEST:
        raise Refusal("picture_too_large", 413)
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal("picture_invalid", 422)
            largest = max(side for size in sizes for side in size)
            picture.draft("RGB", (2 * largest, 2 * largest))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            return [_encoded(upright, size) for size in sizes]
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Refusal("picture_invalid", 422) from error


def _encoded(upright: Image.Image, size: tuple[int, int]) -> bytes:
    drawn = Image.new("RGBA", size)
    drawn.paste(ImageOps.fit(upright, size, Image.Resampling.LANCZOS))
    target = BytesIO()
    drawn.save(target, "WEBP", quality=85)
    return target.getvalue()
