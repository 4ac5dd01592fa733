"""What Supabase Auth may answer, and what we make of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest

from services import caller
from services.caller import Caller
from services.outside.identity import Identity
from services.refusals import Refusal, Unavailable
from tests.contract.outside import JWT_SECRET, Wire, settings, wire

USER = {
    "id": "8d4c5d66-0000-4000-8000-000000000000",
    "aud": "authenticated",
    "email": "ana@example.org",
    "app_metadata": {},
    "user_metadata": {},
    "created_at": "2026-11-20T10:00:00+00:00",
}
ACCESS_TOKEN = jwt.encode({"exp": 4_800_000_000}, JWT_SECRET)
SESSION = {
    "access_token": ACCESS_TOKEN,
    "refresh_token": "refresh",
    "expires_in": 900,
    "token_type": "bearer",
    "user": USER,
}


def identity(at: Wire) -> Identity:
    return Identity(settings(), at.pool)


def failure(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"code": status, "error_code": code, "msg": "No."})


def sign_in(gateway: Identity) -> Any:
    return gateway.sign_in("ana@example.org", "correct horse")


def test_each_call_shows_the_secret_key_and_the_persons_address() -> None:
    at = wire(httpx.Response(200, json=SESSION))
    with caller.acting_as(Caller(address="203.0.113.7", access_token="somebody's")):
        session = sign_in(identity(at))
    request = at.asked[0]
    assert (session.access_token, session.refresh_token, session.expires_in) == (
        SESSION["access_token"],
        "refresh",
        900,
    )
    assert (session.user_id, session.email) == (USER["id"], "ana@example.org")
    assert request.headers["sb-forwarded-for"] == "203.0.113.7"
    assert (request.headers["apikey"], request.headers["authorization"]) == (
        "sb_secret_x",
        "Bearer sb_secret_x",
    )
    assert "Mozilla" not in request.headers["user-agent"]


def test_one_persons_session_never_reaches_the_next_call() -> None:
    at = wire(httpx.Response(200, json=SESSION))
    gateway = identity(at)
    sign_in(gateway)
    gateway.send_recovery("omar@example.org")
    assert at.asked[1].headers["authorization"] == "Bearer sb_secret_x"


def test_a_sign_up_carries_the_profile_and_waits_for_its_confirmation() -> None:
    at = wire(httpx.Response(200, json=USER))
    assert identity(at).sign_up("ana@example.org", "correct horse", {"display_name": "Ana"}) is None
    assert json.loads(at.asked[0].content)["data"] == {"display_name": "Ana"}


def test_a_sign_up_may_open_a_session_at_once() -> None:
    session = identity(wire(httpx.Response(200, json=SESSION))).sign_up(
        "ana@example.org", "correct horse", {}
    )
    assert session
    assert session.refresh_token == "refresh"


def test_signing_out_shows_the_persons_token_and_the_scope() -> None:
    at = wire(httpx.Response(204))
    identity(at).sign_out("token", "others")
    assert at.asked[0].url.params["scope"] == "others"
    assert at.asked[0].headers["authorization"] == "Bearer token"


def test_a_new_password_is_set_with_the_persons_token() -> None:
    at = wire(httpx.Response(200, json=USER))
    identity(at).change_password(ACCESS_TOKEN, "refresh", "a new one")
    put = at.asked[-1]
    assert (put.method, put.headers["authorization"]) == ("PUT", f"Bearer {ACCESS_TOKEN}")
    assert json.loads(put.content)["password"] == "a new one"


@pytest.mark.parametrize(
    ("answer", "word", "status"),
    [
        (failure(400, "invalid_credentials"), "invalid_credentials", 401),
        (failure(400, "email_not_confirmed"), "email_not_confirmed", 403),
        (failure(403, "user_banned"), "account_deactivated", 403),
        (failure(429, "over_request_rate_limit"), "rate_limited", 429),
        (httpx.Response(429, json={"msg": "Slow down."}), "rate_limited", 429),
        (failure(422, "same_password"), "same_password", 422),
        (failure(403, "otp_expired"), "link_expired", 410),
        (failure(400, "refresh_token_not_found"), "session_over", 401),
        (failure(400, "something_new"), "invalid_credentials", 401),
        (
            httpx.Response(
                422,
                json={"error_code": "weak_password", "msg": "No.", "weak_password": {"reasons": ["length"]}},
            ),
            "password_too_weak",
            422,
        ),
    ],
)
def test_refusals_have_our_words(answer: httpx.Response, word: str, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        sign_in(identity(wire(answer)))
    assert (refused.value.word, refused.value.status) == (word, status)


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        (lambda gateway: gateway.sign_in("ana@example.org", ""), "invalid_credentials"),
        (lambda gateway: gateway.sign_in("", "correct horse"), "invalid_credentials"),
        (lambda gateway: gateway.sign_in("ana\0@example.org", "correct horse"), "invalid_credentials"),
        (lambda gateway: gateway.refresh(""), "sign_in_required"),
        (lambda gateway: gateway.refresh("spent\0"), "sign_in_required"),
        (lambda gateway: gateway.follow_link("\0", "signup"), "link_expired"),
        (lambda gateway: gateway.send_recovery("\0"), "invalid_input"),
        (lambda gateway: gateway.resend_confirmation(""), "invalid_input"),
    ],
)
def test_what_auth_cannot_read_never_closes_the_door_to_others(
    ask: Callable[[Identity], None], word: str
) -> None:
    at = wire(httpx.Response(200, json=SESSION))
    gateway = identity(at)
    for _ in range(6):
        with pytest.raises(Refusal) as refused:
            ask(gateway)
        assert refused.value.word == word
    assert at.asked == []
    assert sign_in(gateway)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={"message": "no Route matched with those values"}),
        httpx.Response(401, json={"message": "Invalid API key"}),
        httpx.Response(400, json=[1]),
    ],
)
def test_a_no_without_a_reason_says_nothing_about_the_person(answer: httpx.Response) -> None:
    gateway = identity(wire(*[answer] * 6, httpx.Response(200, json=SESSION)))
    for _ in range(6):
        with pytest.raises(Unavailable):
            sign_in(gateway)
    assert sign_in(gateway)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("down"),
        httpx.ReadTimeout("slow"),
        httpx.Response(500, json={"code": 500, "error_code": "unexpected_failure", "msg": "Database error"}),
        httpx.Response(502, text="<html>Bad gateway</html>"),
        httpx.Response(503),
        httpx.Response(200, text="<html>welcome</html>"),
        httpx.Response(200, json={"unexpected": True}),
        httpx.Response(400, text="<html>odd</html>"),
    ],
)
@pytest.mark.parametrize(
    "act",
    [
        sign_in,
        lambda gateway: gateway.refresh("refresh"),
        lambda gateway: gateway.follow_link("hash", "signup"),
    ],
)
def test_what_is_no_answer_means_that_auth_is_away(answer: Any, act: Callable[[Identity], Any]) -> None:
    with pytest.raises(Unavailable) as raised:
        act(identity(wire(answer)))
    assert raised.value.provider == "identity"


def test_health_is_asked_of_auth_itself() -> None:
    at = wire(httpx.Response(200, json={"version": "2"}), httpx.Response(503))
    gateway = identity(at)
    gateway.check_health()
    with pytest.raises(Unavailable):
        gateway.check_health()
    assert at.asked[0].url.path == "/auth/v1/health"
