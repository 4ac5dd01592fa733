"""What is written down, and what never is."""

from __future__ import annotations

import json
from typing import Any

import pytest
import structlog

from tests.contract.outside import app_with
from web.logs import redact


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_a_request_is_one_line_without_its_query_its_secrets_or_its_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = app_with().test_client()
    client.get("/auth/confirm?token_hash=abcdef&type=signup", headers={"Authorization": "Bearer nothing"})
    (line,) = [line for line in lines(capsys) if line["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/auth/confirm", 200)
    assert line["correlation_id"]
    assert line["milliseconds"] >= 0
    written = json.dumps(line)
    assert not any(secret in written for secret in ("abcdef", "token_hash", "127.0.0.1", "nothing"))


def test_the_same_visitor_can_be_followed_without_being_named(capsys: pytest.CaptureFixture[str]) -> None:
    client = app_with().test_client()
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2"):
        client.get("/healthz", environ_base={"REMOTE_ADDR": address})
    visitors = [line["visitor"] for line in lines(capsys)]
    assert visitors[0] == visitors[1] != visitors[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail to ana.ruiz@example.org failed", "mail to [address] failed"),
        ("token eyJhbGciOi.eyJzdWIi.sig-nature used", "token [token] used"),
        ("key sk_test_4242424242 refused", "key [key] refused"),
        ("key sb_secret_abcdefgh refused", "key [key] refused"),
        ("key gk_abc-DEF_123456 refused", "key [key] refused"),
        ("/invitations/abcDEF-123_abcDEF-123_abc/acceptance", "/invitations/[secret]/acceptance"),
        (
            "GET https://project.supabase.co/rest?apikey=abc&x=1 failed",
            "GET https://project.supabase.co/rest?[query] failed",
        ),
        ("what? nothing", "what? nothing"),
    ],
)
def test_secrets_and_addresses_are_blanked_by_their_look(text: str, shown: str) -> None:
    assert redact(None, "info", {"event": text})["event"] == shown


@pytest.mark.parametrize(
    "name", ["access_token", "password", "order_secret", "Authorization", "cookie", "apikey", "api_key"]
)
def test_secrets_are_blanked_by_their_name(name: str) -> None:
    assert redact(None, "info", {name: "abc"})[name] == "[hidden]"


def test_failures_carry_their_story_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    app_with()
    log = structlog.stdlib.get_logger("guichet.test")
    try:
        raise RuntimeError("ana@example.org could not be reached")
    except RuntimeError:
        log.exception("it failed")
    (line,) = lines(capsys)
    assert "RuntimeError: [address] could not be reached" in line["exception"]
