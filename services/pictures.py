"""Pictures people send: decoded and drawn anew, so that nothing but pixels is kept."""

from __future__ import annotations

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
    if len(content) > LARGEST:
        raise Refusal("picture_too_large", 413)
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal("picture_invalid", 422)
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))
            return _encoded(picture)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Refusal("picture_invalid", 422) from error


def _encoded(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    drawn = Image.new("RGBA", (SIDE, SIDE))
    drawn.paste(ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS))
    target = BytesIO()
    drawn.save(target, "WEBP", quality=85)
    return target.getvalue()
