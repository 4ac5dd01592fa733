"""A browser's session is refreshed in time, and once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import jwt
import pytest
from apiflask import APIFlask

from services import sessions
from services.outside.identity import Identity
from services.refusals import Refusal, Unavailable
from tests.contract.outside import JWT_SECRET, Wire, app_with, settings, wire
from tests.contract.test_identity_gateway import USER


def access_token(lasts: float, **changes: Any) -> str:
    claims = {
        "iss": "https://tickets-project.example/auth/v1",
        "aud": "authenticated",
        "sub": USER["id"],
        "exp": int(time.time() + lasts),
        "jti": str(time.perf_counter_ns()),
        **changes,
    }
    return jwt.encode(claims, JWT_SECRET)


def renewal(_request: httpx.Request | None = None, pause: float = 0) -> httpx.Response:
    time.sleep(pause)
    return httpx.Response(
        200,
        json={
            "access_token": access_token(900),
            "refresh_token": f"refresh-{time.perf_counter_ns()}",
            "expires_in": 900,
            "token_type": "bearer",
            "user": USER,
        },
    )


def app_at(at: Wire) -> APIFlask:
    told = settings(supabase_url="https://tickets-project.example")
    return app_with(told, identity=Identity(told, at.pool))


def fresh_name() -> str:
    return f"refresh-token-{time.perf_counter_ns()}"


def test_a_fresh_session_needs_no_call() -> None:
    at = wire(renewal)
    with app_at(at).app_context():
        kept = sessions.keep(access_token(900), fresh_name())
    assert kept.renewed is None
    assert kept.claims.user_id == USER["id"]
    assert at.asked == []


@pytest.mark.parametrize("lasts", [30, -30])
def test_a_session_is_exchanged_shortly_before_it_runs_out_and_after(lasts: float) -> None:
    at = wire(renewal)
    with app_at(at).app_context():
        kept = sessions.keep(access_token(lasts), fresh_name())
    assert kept.renewed
    assert kept.access_token == kept.renewed.access_token
    assert kept.claims.expires_at > time.time() + 800


def test_requests_that_race_share_one_exchange() -> None:
    at = wire(lambda request: renewal(request, pause=0.2))
    app, expired, refresh_token = app_at(at), access_token(-30), fresh_name()
    together = threading.Barrier(8)

    def arrive(_number: int) -> str:
        with app.app_context():
            together.wait()
            return sessions.keep(expired, refresh_token).access_token

    with ThreadPoolExecutor(8) as threads:
        tokens = set(threads.map(arrive, range(8)))
    assert len(tokens) == 1
    assert len(at.asked) == 1


def test_requests_that_race_share_a_failure_too() -> None:
    def refuse_slowly(_request: httpx.Request) -> httpx.Response:
        time.sleep(1)  # by then the others have come, on the busiest machine
        raise httpx.ReadTimeout("slow")

    at = wire(refuse_slowly)
    app, expired, refresh_token = app_at(at), access_token(-30), fresh_name()
    together = threading.Barrier(4)

    def arrive(_number: int) -> bool:
        together.wait()
        with app.app_context(), pytest.raises(Unavailable):
            sessions.keep(expired, refresh_token)
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(arrive, range(4)))
    assert len(at.asked) == 1


def test_a_failed_exchange_is_tried_by_the_next_request() -> None:
    at = wire(httpx.ConnectError("down"), renewal)
    expired, refresh_token = access_token(-30), fresh_name()
    with app_at(at).app_context():
        with pytest.raises(Unavailable):
            sessions.keep(expired, refresh_token)
        assert sessions.keep(expired, refresh_token).renewed


def test_a_session_that_ended_is_over() -> None:
    over = httpx.Response(400, json={"code": 400, "error_code": "refresh_token_not_found", "msg": "No."})
    with app_at(wire(over)).app_context(), pytest.raises(Refusal, match="session_over"):
        sessions.keep(access_token(-30), fresh_name())


BUSY = httpx.Response(429, json={"code": 429, "error_code": "over_request_rate_limit", "msg": "Slow down."})
BANNED = httpx.Response(403, json={"code": 403, "error_code": "user_banned", "msg": "No."})


OUR_KEY_IS_WRONG = httpx.Response(401, json={"message": "Invalid API key"})


@pytest.mark.parametrize("answer", [httpx.ConnectError("down"), BUSY, OUR_KEY_IS_WRONG])
def test_a_token_that_still_lives_is_used_while_auth_cannot_exchange_it(answer: Any) -> None:
    with app_at(wire(answer)).app_context():
        kept = sessions.keep(access_token(30), fresh_name())
    assert kept.renewed is None


@pytest.mark.parametrize("said", [BUSY, OUR_KEY_IS_WRONG])
def test_a_session_that_auth_does_not_say_is_over_is_kept(said: httpx.Response) -> None:
    client = browser_with(app_at(wire(said, said, renewal)), access_token(-30))
    assert client.get("/account/sign-in").status_code == 200
    answer = client.get("/session/realtime", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert client.get("/session/realtime").status_code == 200


def browser_with(app: APIFlask, access: str) -> Any:
    client = app.test_client()
    signer = app.extensions["session-signer"]
    client.set_cookie("guichet", signer.dumps([access, fresh_name(), 1]))
    return client


def test_the_browser_gets_the_new_tokens_and_stays_remembered() -> None:
    answer = browser_with(app_at(wire(renewal)), access_token(-30)).get("/session/realtime")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = next(cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("guichet="))
    assert "Max-Age=604800" in cookie
    assert "Secure" in cookie


def test_what_needs_to_know_the_person_says_when_it_cannot() -> None:
    client = browser_with(app_at(wire(httpx.ConnectError("down"))), access_token(-30))
    answer = client.get("/session/realtime", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert client.get("/account/sign-in").status_code == 200
    assert client.get_cookie("guichet") is not None


OVER = httpx.Response(400, json={"code": 400, "error_code": "refresh_token_not_found", "msg": "No."})


@pytest.mark.parametrize("over", [OVER, BANNED])
def test_a_session_that_ended_is_taken_from_the_browser(over: httpx.Response) -> None:
    client = browser_with(app_at(wire(over)), access_token(-30))
    assert client.get("/account/sign-in").status_code == 200
    assert client.get_cookie("guichet") is None


@pytest.mark.parametrize("cookie", ["", "nonsense", "WyJhIiwiYiIsMV0.forged"])
def test_a_cookie_that_is_not_ours_is_no_session(cookie: str) -> None:
    client = app_at(wire(renewal)).test_client()
    client.set_cookie("guichet", cookie)
    assert client.get("/session/realtime").status_code == 303
