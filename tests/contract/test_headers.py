"""What surrounds every answer: security headers, request ids, origins, addresses, sizes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from services.outside.database import Database
from tests.contract.outside import app_with, settings, wire

LANGUAGES = httpx.Response(200, json=[{"code": "nl", "names": {"en": "Dutch", "self": "Nederlands"}}])


def app_at(*answers: Any, **changes: Any) -> APIFlask:
    told = settings(**changes)
    return app_with(told, database=Database(told, wire(*(answers or [LANGUAGES])).pool))


@pytest.mark.parametrize(
    "path", ["/account/sign-in", "/healthz", "/nowhere", "/api/v1/languages", "/static/nothing.css"]
)
def test_every_answer_is_protected(path: str) -> None:
    headers = app_at().test_client().get(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://project.supabase.co wss://project.supabase.co"
    assert policy["img-src"] == "'self' data: https://project.supabase.co"
    assert policy["form-action"] == "'self' https://checkout.stripe.com"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"] == "max-age=63072000"
    assert "geolocation=(self), gyroscope=()" in headers["Permissions-Policy"]
    assert headers["X-Request-Id"]


def test_http_on_this_machine_promises_no_https() -> None:
    headers = app_at(site_url="http://localhost:8000").test_client().get("/healthz").headers
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("a1b2c3d4-e5f6", True),
        ("short", False),
        ("x" * 65, False),
        ("with blanks inside", False),
        ("<script>alert(1)</script>", False),
    ],
)
def test_a_sane_request_id_is_kept_and_another_replaced(offered: str, kept: bool) -> None:
    answer = app_at().test_client().get("/api/v1/nowhere", headers={"X-Request-Id": offered})
    assert (answer.headers["X-Request-Id"] == offered) == kept
    assert (answer.json or {})["correlation_id"] == answer.headers["X-Request-Id"]


def test_named_origins_may_call_the_api_and_others_may_not() -> None:
    client = app_at(cors_allowed_origins="https://shop.example").test_client()
    allowed = client.get("/api/v1/languages", headers={"Origin": "https://shop.example"})
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    assert "Origin" in allowed.headers["Vary"]
    stranger = client.get("/api/v1/languages", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in stranger.headers
    page = client.get("/account/sign-in", headers={"Origin": "https://shop.example"})
    assert "Access-Control-Allow-Origin" not in page.headers


def test_a_preflight_is_answered_for_named_origins_alone() -> None:
    client = app_at(cors_allowed_origins="https://shop.example").test_client()
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "PATCH"}
    answer = client.options("/api/v1/me", headers=asked)
    assert answer.status_code == 204
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    stranger = client.options("/api/v1/me", headers={**asked, "Origin": "https://evil.example"})
    assert "Access-Control-Allow-Methods" not in stranger.headers


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7", "198.51.100.1"),
    ],
)
def test_the_visitors_address_is_read_through_trusted_proxies(
    proxies: int, forwarded: str, believed: str
) -> None:
    at = wire(LANGUAGES)
    told = settings(trusted_proxies=proxies)
    client = app_with(told, database=Database(told, at.pool)).test_client()
    client.get("/api/v1/languages", headers={"X-Forwarded-For": forwarded})
    assert at.asked[0].headers["X-Client-Address"] == believed


@pytest.mark.parametrize("path", ["/api/v1/auth/login", "/account/sign-in", "/webhooks/stripe"])
@pytest.mark.parametrize("told", [True, False])
def test_ten_megabytes_are_refused(path: str, told: bool) -> None:
    body = b"x" * 10_000_000
    options: dict[str, Any] = {"content_type": "application/json", "data": body}
    if not told:
        options["headers"] = {"Transfer-Encoding": "chunked"}
        options["environ_overrides"] = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = app_at().test_client().post(path, **options)
    assert answer.status_code == 413


@pytest.mark.parametrize("body", ["{", "[" * 100_000, "", "nonsense", b"\xff"])
def test_a_body_that_is_no_json_is_malformed(body: Any) -> None:
    answer: Any = (
        app_at().test_client().post("/api/v1/auth/login", data=body, content_type="application/json")
    )
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_json")


def test_limits_count_on_while_redis_is_away() -> None:
    client = app_at(redis_url="redis://127.0.0.1:9/0").test_client()
    statuses = [client.post("/api/v1/auth/signup", json={}).status_code for _ in range(8)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_the_language_is_chosen_by_the_visitor_then_by_the_browser() -> None:
    client = app_at().test_client()
    french = {"Accept-Language": "fr-BE,fr;q=0.9,en;q=0.5"}
    assert 'lang="fr"' in client.get("/account/sign-in", headers=french).text
    chosen = client.get("/language/en?next=/orders")
    assert (chosen.status_code, chosen.location) == (303, "/orders")
    assert 'lang="en"' in client.get("/account/sign-in", headers=french).text
    assert client.get("/language/tlh").status_code == 404
    assert client.get("/language/fr?next=//evil.example").location == "/"
