"""Which pictures are taken, and what is left of them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from services import pictures
from services.refusals import Refusal
from tests.pictures import picture


def drawn(content: bytes) -> Image.Image:
    return Image.open(BytesIO(pictures.square(content)))


def refusal(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        pictures.square(content)
    return refused.value


def bomb() -> bytes:
    """A small PNG that says it is 30,000 pixels wide and high."""
    chunk = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    header = b"IHDR" + chunk
    body = b"IDAT" + zlib.compress(b"\0" * 1_000_000)
    parts = [
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in (header, body)
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(640, 480), (16, 16), (2000, 3000)])
def test_every_kind_becomes_a_square_webp(kind: str, size: tuple[int, int]) -> None:
    made = drawn(picture(kind, size))
    assert (made.format, made.size) == ("WEBP", (512, 512))


def test_where_and_with_what_it_was_taken_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x8825] = {1: "N", 2: (50.0, 28.0, 0.0)}
    sent = picture("JPEG", exif=exif.tobytes())
    assert b"A camera" in sent
    made = pictures.square(sent)
    assert b"A camera" not in made
    assert not Image.open(BytesIO(made)).getexif()


def test_a_picture_taken_upright_stays_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upright, lying = drawn(picture("JPEG")), drawn(picture("JPEG", exif=exif.tobytes()))
    assert upright.convert("L").getpixel((256, 10)) != lying.convert("L").getpixel((256, 10))


def test_transparency_is_kept() -> None:
    target = BytesIO()
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(target, "PNG")
    assert drawn(target.getvalue()).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_what_hides_behind_a_picture_is_dropped() -> None:
    sent = picture("GIF") + b"<script>alert(1)</script>"
    assert b"script" not in pictures.square(sent)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"%PDF-1.7",
        b"GIF89a<script>alert(1)</script>",
        picture("PNG")[:200],
        picture("JPEG")[:300],
        picture("BMP"),
        picture("TIFF"),
        picture("ICO"),
        bomb(),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    refused = refusal(content)
    assert (refused.word, refused.status) == ("picture_invalid", 422)


def test_5_mib_are_the_most() -> None:
    padded = picture("GIF").ljust(pictures.LARGEST, b"\0")
    assert drawn(padded).size == (512, 512)
    assert (refusal(padded + b"\0").word, refusal(padded + b"\0").status) == ("picture_too_large", 413)
