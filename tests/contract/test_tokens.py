"""Which tokens are believed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from services.outside.identity import Identity
from services.outside.tokens import ASK_AGAIN_AFTER, KEYS_LAST
from services.refusals import Refusal, Unavailable
from tests.contract.outside import JWT_SECRET, settings, wire

PRIVATE_KEY = ec.generate_private_key(ec.SECP256R1())
KEYS = {
    "keys": [
        {
            **jwt.algorithms.ECAlgorithm.to_jwk(PRIVATE_KEY.public_key(), as_dict=True),
            "kid": "one",
            "alg": "ES256",
        }
    ]
}


def claims(**changes: Any) -> dict[str, Any]:
    told = {
        "iss": "https://project.supabase.co/auth/v1",
        "aud": "authenticated",
        "sub": "8d4c5d66-0000-4000-8000-000000000000",
        "session_id": "s-1",
        "email": "ana@example.org",
        "user_metadata": {"display_name": "Ana", "avatar_path": "a/b.webp"},
        "exp": int(time.time()) + 900,
        **changes,
    }
    return {name: value for name, value in told.items() if value is not None}


def with_secret(**changes: Any) -> str:
    return jwt.encode(claims(**changes), JWT_SECRET, "HS256")


def with_key(key: Any = PRIVATE_KEY, kid: str | None = "one") -> str:
    return jwt.encode(claims(), key, "ES256", headers={"kid": kid} if kid else {})


def by_secret() -> Identity:
    return Identity(settings(), wire(httpx.ConnectError("nobody should be asked")).pool)


def test_a_good_token_tells_who_is_there() -> None:
    told = by_secret().verify(with_secret())
    assert (told.user_id, told.session_id, told.email) == (claims()["sub"], "s-1", "ana@example.org")
    assert (told.display_name, told.avatar_path) == ("Ana", "a/b.webp")


@pytest.mark.parametrize(
    "about",
    [{"display_name": {"a": 1}, "avatar_path": 7}, {"display_name": None}, ["Ana"], "Ana", 7],
)
def test_what_people_write_into_their_metadata_may_be_anything(about: Any) -> None:
    told = by_secret().verify(with_secret(user_metadata=about))
    assert (told.display_name, told.avatar_path) == (None, None)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        "a.b.c",
        with_secret() + "x",
        jwt.encode(claims(), "another secret of the same good length", "HS256"),
        jwt.encode(claims(), "", "none"),
        jwt.encode(claims(), JWT_SECRET, "HS512"),
        with_key(),
        with_secret(exp=int(time.time()) - 1),
        with_secret(exp=None),
        with_secret(aud="anon"),
        with_secret(aud=None),
        with_secret(iss="https://other.supabase.co/auth/v1"),
        with_secret(iss=None),
        with_secret(sub=None),
    ],
)
def test_a_token_with_anything_wrong_is_refused(token: str) -> None:
    with pytest.raises(Refusal) as refused:
        by_secret().verify(token)
    assert (refused.value.word, refused.value.status) == ("sign_in_required", 401)


def test_the_projects_published_keys_are_asked_for_once() -> None:
    at = wire(httpx.Response(200, json=KEYS))
    identity = Identity(settings(supabase_jwt_secret=None), at.pool)
    assert [identity.verify(with_key()).user_id for _ in range(3)] == [claims()["sub"]] * 3
    assert [str(request.url) for request in at.asked] == [
        "https://project.supabase.co/auth/v1/.well-known/jwks.json"
    ]


@pytest.mark.parametrize(
    "token",
    [
        with_key(ec.generate_private_key(ec.SECP256R1())),
        with_key(kid=None),
        with_key(kid="unheard-of"),
        jwt.encode(claims(), JWT_SECRET, "HS256", headers={"kid": "one"}),
        jwt.encode(claims(), "", "none", headers={"kid": "one"}),
    ],
)
def test_only_the_published_keys_are_believed(token: str) -> None:
    identity = Identity(settings(supabase_jwt_secret=None), wire(httpx.Response(200, json=KEYS)).pool)
    with pytest.raises(Refusal):
        identity.verify(token)


def test_invented_key_ids_do_not_make_us_ask_each_time() -> None:
    at = wire(httpx.Response(200, json=KEYS))
    identity = Identity(settings(supabase_jwt_secret=None), at.pool)
    for kid in ("x", "y", "z"):
        with pytest.raises(Refusal):
            identity.verify(with_key(kid=kid))
    assert len(at.asked) == 1


def test_a_project_without_published_keys_believes_nobody() -> None:
    identity = Identity(settings(supabase_jwt_secret=None), wire(httpx.Response(200, json={"keys": []})).pool)
    with pytest.raises(Refusal):
        identity.verify(with_key())


@pytest.mark.parametrize(
    "answer", [httpx.ConnectError("down"), httpx.Response(500), httpx.Response(200, text="<html>")]
)
def test_without_keys_nobody_can_be_told_apart(answer: Any) -> None:
    identity = Identity(settings(supabase_jwt_secret=None), wire(answer).pool)
    with pytest.raises(Unavailable):
        identity.verify(with_key())


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("services.outside.tokens.time", clock)
    return clock


def test_known_keys_are_believed_while_auth_is_away(clock: Clock) -> None:
    at = wire(httpx.Response(200, json=KEYS), httpx.ConnectError("down"))
    identity = Identity(settings(supabase_jwt_secret=None), at.pool)
    identity.verify(with_key())
    clock.now += KEYS_LAST + 1
    for _ in range(3):
        assert identity.verify(with_key()).user_id == claims()["sub"]
    assert len(at.asked) == 2
    clock.now += ASK_AGAIN_AFTER + 1
    identity.verify(with_key())
    assert len(at.asked) == 3


def test_a_key_that_auth_cannot_be_asked_for_is_a_doubt_and_no_refusal(clock: Clock) -> None:
    at = wire(httpx.Response(200, json=KEYS), httpx.ConnectError("down"))
    identity = Identity(settings(supabase_jwt_secret=None), at.pool)
    identity.verify(with_key())
    clock.now += ASK_AGAIN_AFTER + 1
    for _ in range(2):
        with pytest.raises(Unavailable):
            identity.verify(with_key(kid="two"))
    assert len(at.asked) == 2


def test_nobody_whose_key_is_known_waits_for_auth(clock: Clock) -> None:
    asked, answer = threading.Event(), threading.Event()

    def hesitate(_request: httpx.Request) -> httpx.Response:
        asked.set()
        assert answer.wait(10)
        return httpx.Response(200, json=KEYS)

    at = wire(httpx.Response(200, json=KEYS), hesitate)
    identity = Identity(settings(supabase_jwt_secret=None), at.pool)
    identity.verify(with_key())
    clock.now += KEYS_LAST + 1
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(identity.verify, with_key())
        assert asked.wait(10)
        assert identity.verify(with_key()).user_id == claims()["sub"]
        answer.set()
        assert waiting.result().user_id == claims()["sub"]
    assert len(at.asked) == 2


def test_those_who_come_together_ask_once_for_the_first_keys() -> None:
    def hesitate(_request: httpx.Request) -> httpx.Response:
        together.wait(10)
        return httpx.Response(200, json=KEYS)

    at, together = wire(hesitate), threading.Barrier(2)
    identity = Identity(settings(supabase_jwt_secret=None), at.pool)
    with ThreadPoolExecutor(4) as others:
        waiting = [others.submit(identity.verify, with_key()) for _ in range(4)]
        together.wait(10)
        assert {each.result().user_id for each in waiting} == {claims()["sub"]}
    assert len(at.asked) == 1
