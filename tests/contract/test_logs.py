"""What is written down, and what never is."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from services.models.accounts import SignIn
from services.models.deliveries import DeliveryEvent
from tests.contract.outside import app_with
from web.logs import SECRET_TEXTS, redact


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
        ("token eyJhbGciOi.eyJzd", "token [token]"),
        ("http://host/page?next=a?b=c", "http://host/page?[query]"),
    ],
)
def test_secrets_and_addresses_are_blanked_by_their_look(text: str, shown: str) -> None:
    assert redact(None, "info", {"event": text})["event"] == shown


@pytest.mark.parametrize("piece", ["a", "eyJ", "?", "?a", "a@", "a@.", "=a", "sk_", "-gk_a", "/invitations/"])
def test_a_text_without_end_is_read_in_no_time(piece: str) -> None:
    began = time.process_time()
    redact(None, "info", {"exception": piece * 100_000})
    for pattern, replacement in SECRET_TEXTS:
        pattern.sub(replacement, piece * 100_000)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("before", ["word " * 390, "x" * 1_949 + " "])
@pytest.mark.parametrize(
    "secret",
    ["ana.ruiz@example.org", "/invitations/abcDEF-123_abcDEF-123_abc", "eyJhbGciOi.eyJzdWIi.sig-nature"],
)
def test_a_long_text_is_cut_without_halving_a_secret(before: str, secret: str) -> None:
    for blanks in range(51):
        text = before + " " * blanks + secret + " more" * 20_000
        shown = redact(None, "info", {"event": text})["event"]
        assert len(shown) < 2_100
        assert shown.endswith(f"… ({len(text)} characters)")
        assert not any(half in shown for half in ("ana", "abcDEF", "hbGci", "zdWI"))


def test_a_traceback_is_kept_longer_than_a_value() -> None:
    shown = redact(None, "info", {"event": "line\n" * 2_000, "exception": "line\n" * 2_000})
    assert len(shown["exception"]) == 10_000
    assert len(shown["event"]) < 2_100


@pytest.mark.parametrize(
    "name", ["access_token", "password", "order_secret", "Authorization", "cookie", "apikey", "api_key"]
)
def test_secrets_are_blanked_by_their_name(name: str) -> None:
    assert redact(None, "info", {name: "abc"})[name] == "[hidden]"


def test_complaints_of_shapes_hold_nothing_of_what_was_sent() -> None:
    for shape in (SignIn, DeliveryEvent):
        with pytest.raises(ValidationError) as complaint:
            shape.model_validate({"email": "hunter2", "password": "hunter2" * 200, "type": ["hunter2"]})
        assert "hunter2" not in str(complaint.value)


def test_failures_carry_their_story_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    app_with()
    log = structlog.stdlib.get_logger("guichet.test")
    try:
        raise RuntimeError("ana@example.org could not be reached")
    except RuntimeError:
        log.exception("it failed")
    (line,) = lines(capsys)
    assert "RuntimeError: [address] could not be reached" in line["exception"]
