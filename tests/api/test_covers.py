"""Pictures of events: drawn anew in every width, shown, replaced and removed."""

from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

import httpx
import pytest
from apiflask import APIFlask
from PIL import Image

from local.stack import Stack
from services.pictures import WIDTHS
from tests.application import Browser
from tests.database import Database
from tests.pictures import picture, png
from tests.selling import Guest, Listing, list_event, signed_in


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team)


def files(stack: Stack, path: str) -> list[httpx.Response]:
    base = f"{stack.settings.app_environment()['SUPABASE_URL']}/storage/v1/object/public/covers"
    return [httpx.get(f"{base}/{path}/{width}.webp") for width in WIDTHS]


def put(keeper: Guest, listing: Listing, content: bytes, kind: str = "image/png") -> Any:
    return keeper.put(f"/events/{listing.id}/cover", data=content, content_type=kind)


def test_a_picture_is_drawn_anew_in_every_width_and_replaces_the_last(
    app: APIFlask, stack: Stack, omar: Guest, listing: Listing
) -> None:
    sent = picture("GIF", (900, 700)) + b"<script>alert(1)</script>"
    first = put(omar, listing, sent, "image/gif").json["cover_path"]
    for width, file in zip(WIDTHS, files(stack, first), strict=True):
        assert b"script" not in file.content
        drawn = Image.open(BytesIO(file.content))
        assert (drawn.format, drawn.size) == ("WEBP", (width, width * 10 // 16))
    second = put(omar, listing, png()).json["cover_path"]
    assert {file.status_code for file in files(stack, first)} <= {400, 404}
    page = Browser(app).get(f"/events/{listing.slug}").text
    assert f"{second}/480.webp 480w" in page
    assert f'property="og:image" content="{stack.settings.app_environment()["SUPABASE_URL"]}' in page
    removed = omar.delete(f"/events/{listing.id}/cover")
    assert removed.json["cover_path"] is None
    assert {file.status_code for file in files(stack, second)} <= {400, 404}


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/png", 422, "picture_invalid"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415, "unsupported_media_type"),
        (b"GIF89a<script>alert(1)</script>", "image/gif", 422, "picture_invalid"),
        (b"%PDF-1.7", "image/jpeg", 422, "picture_invalid"),
        (b"", "image/png", 422, "picture_invalid"),
        (b"\0" * (5 * 1024 * 1024 + 1), "image/png", 413, "picture_too_large"),
        (b"\0" * (7 * 1024 * 1024), "image/png", 413, "too_large"),
    ],
)
def test_anything_else_is_refused(
    omar: Guest, listing: Listing, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = put(omar, listing, content, kind)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_nobody_else_changes_it(app: APIFlask, stack: Stack, database: Database, listing: Listing) -> None:
    zoe = signed_in(app, stack, database.sign_up("Zoe"))
    assert put(zoe, listing, png()).json["code"] == "not_found"
    assert zoe.delete(f"/events/{listing.id}/cover").json["code"] == "not_found"
