"""What Supabase Storage may answer, and what we make of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from services import caller
from services.caller import Caller
from services.outside.storage import Storage
from services.refusals import Refusal, Unavailable
from tests.contract.outside import Wire, settings, wire

STORED = httpx.Response(200, json={"Key": "avatars/ana/one.webp"})


def storage(at: Wire) -> Storage:
    return Storage(settings(), at.pool)


def upload(at: Wire) -> None:
    storage(at).upload("avatars", "ana/one.webp", b"picture", "image/webp")


def test_a_picture_is_put_as_the_app() -> None:
    at = wire(STORED)
    with caller.acting_as(Caller(access_token="token")):
        upload(at)
    request = at.asked[0]
    assert (request.method, request.url.path) == ("POST", "/storage/v1/object/avatars/ana/one.webp")
    assert (request.headers["apikey"], request.headers["authorization"]) == (
        "sb_secret_x",
        "Bearer sb_secret_x",
    )
    assert b"picture" in request.content


def test_a_picture_is_removed_as_the_app() -> None:
    at = wire(httpx.Response(200, json=[]))
    with caller.acting_as(Caller(access_token="token")):
        storage(at).remove("avatars", "ana/one.webp")
    assert at.asked[0].headers["authorization"] == "Bearer sb_secret_x"


def test_a_picture_has_a_public_address() -> None:
    address = storage(wire(STORED)).address("avatars", "ana/one.webp")
    assert address == "https://project.supabase.co/storage/v1/object/public/avatars/ana/one.webp"


@pytest.mark.parametrize(
    ("status", "word"), [("403", "forbidden"), ("400", "forbidden"), ("413", "too_large")]
)
def test_refusals_have_our_words(status: str, word: str) -> None:
    answer = httpx.Response(400, json={"statusCode": status, "error": "No", "message": "No.", "code": "No"})
    with pytest.raises(Refusal) as refused:
        upload(wire(answer))
    assert refused.value.word == word


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("down"),
        httpx.WriteTimeout("slow"),
        httpx.Response(500, json={"statusCode": "500", "error": "internal", "message": "No."}),
        httpx.Response(502, text="<html>Bad gateway</html>"),
        httpx.Response(200, text="<html>welcome</html>"),
        httpx.Response(200, json={"unexpected": True}),
    ],
)
def test_what_is_no_answer_means_that_storage_is_away(answer: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        upload(wire(answer))
    assert raised.value.provider == "storage"


@pytest.mark.parametrize("answer", [httpx.ConnectError("down"), httpx.Response(503)])
def test_a_removal_that_fails_says_so(answer: Any) -> None:
    with pytest.raises(Unavailable):
        storage(wire(answer)).remove("avatars", "ana/one.webp")
