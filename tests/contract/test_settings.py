"""What stops the start, and what the operator is told."""

from __future__ import annotations

import base64
import json

import pytest
from pydantic import ValidationError

from config import Settings, SettingsError, read_settings

COMPLETE = {
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "SITE_URL": "https://tickets.example",
    "SUPABASE_URL": "https://project.supabase.co",
    "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x",
    "SUPABASE_SECRET_KEY": "sb_secret_x",
    "STRIPE_SECRET_KEY": "sk_test_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_of_the_tests_alone",
    "RESEND_API_KEY": "re_x",
    "RESEND_WEBHOOK_SECRET": "whsec_YSBzZWNyZXQgb2YgUmVzZW5kJ3Mgb3du",
    "MAIL_FROM": "Guichet <tickets@tickets.example>",
}


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)


def legacy_key(role: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"role": role}).encode()).decode().rstrip("=")
    return f"header.{payload}.signature"


def complaint(monkeypatch: pytest.MonkeyPatch, **changes: str) -> str:
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    return str(refused.value)


def test_a_complete_environment_starts() -> None:
    settings = read_settings()
    assert settings.https
    assert not settings.live_payments
    assert settings.realtime_url == "wss://project.supabase.co/realtime/v1"
    assert settings.token_issuer == "https://project.supabase.co/auth/v1"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        read_settings().site_url = "https://elsewhere.example"


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_a_missing_variable_is_named_with_its_purpose(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    told = complaint(monkeypatch)
    purpose = Settings.model_fields[name.lower()].description
    assert f"{name} is missing: {purpose}" in told


def test_an_empty_variable_is_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SITE_URL is missing" in complaint(monkeypatch, SITE_URL="")


def test_every_wrong_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = complaint(monkeypatch, SECRET_KEY="short", SITE_URL="nowhere", LOG_LEVEL="LOUD")
    assert all(name in told for name in ("SECRET_KEY is wrong", "SITE_URL is wrong", "LOG_LEVEL is wrong"))


def test_no_value_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in complaint(monkeypatch, SECRET_KEY="hunter2", STRIPE_SECRET_KEY="hunter2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://tickets.example"),
        ("SITE_URL", "https://tickets.example/shop"),
        ("SITE_URL", "https://user:secret@tickets.example"),
        ("SUPABASE_URL", "http://project.supabase.co"),
        ("SUPABASE_URL", "ftp://project.supabase.co"),
        ("STRIPE_SECRET_KEY", "pk_test_x"),
        ("STRIPE_SECRET_KEY", "sk_test_"),
        ("STRIPE_SECRET_KEY", "sk_test_x\n"),
        ("STRIPE_WEBHOOK_SECRET", "secret"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_                    "),
        ("RESEND_API_KEY", "   "),
        ("RESEND_API_KEY", "sk_test_x"),
        ("RESEND_WEBHOOK_SECRET", "notwhsec"),
        ("RESEND_WEBHOOK_SECRET", "whsec_"),
        ("RESEND_WEBHOOK_SECRET", "whsec_c2VjcmV0"),
        ("RESEND_WEBHOOK_SECRET", "whsec_no base64 at all, though long"),
        ("SUPABASE_SECRET_KEY", "sb_secret_x\n"),
        ("SUPABASE_PUBLISHABLE_KEY", "   "),
        ("STRIPE_LIVE_PAYMENTS", "yes"),
        ("MAIL_FROM", "Guichet"),
        ("MAIL_FROM", "Guichet <tickets@tickets.example>\r\nBcc: everybody@tickets.example"),
        ("REDIS_URL", "http://redis.example"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "many"),
        ("CORS_ALLOWED_ORIGINS", "https://a.example,*"),
        ("METRICS_TOKEN", "short"),
        ("SUPABASE_JWT_SECRET", "short"),
        ("WEB_CONCURRENCY", "0"),
    ],
)
def test_a_malformed_variable_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert f"{name} is wrong" in complaint(monkeypatch, **{name: value})


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_http_is_for_this_machine_alone(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SITE_URL", url)
    assert not read_settings().https


@pytest.mark.parametrize("key", ["sk_live_x", "rk_live_x"])
def test_a_live_key_is_refused_unless_live_payments_are_allowed(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    assert "STRIPE_LIVE_PAYMENTS=allowed" in complaint(monkeypatch, STRIPE_SECRET_KEY=key)
    monkeypatch.setenv("STRIPE_LIVE_PAYMENTS", "allowed")
    assert read_settings().live_payments


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (
            {
                "STRIPE_SECRET_KEY": "sk_live_x",
                "STRIPE_LIVE_PAYMENTS": "allowed",
                "STRIPE_API_URL": "http://127.0.0.1:54330",
            },
            "STRIPE_API_URL",
        ),
        (
            {
                "STRIPE_SECRET_KEY": "sk_live_x",
                "STRIPE_LIVE_PAYMENTS": "allowed",
                "SITE_URL": "http://localhost:8000",
            },
            "SITE_URL",
        ),
        ({"SUPABASE_PUBLISHABLE_KEY": "sb_secret_y"}, "SUPABASE_PUBLISHABLE_KEY"),
        ({"SUPABASE_PUBLISHABLE_KEY": legacy_key("service_role")}, "SUPABASE_PUBLISHABLE_KEY"),
        ({"SUPABASE_SECRET_KEY": "sb_publishable_y"}, "SUPABASE_SECRET_KEY"),
        ({"SUPABASE_SECRET_KEY": legacy_key("anon")}, "SUPABASE_SECRET_KEY"),
        ({"SUPABASE_PUBLISHABLE_KEY": "same", "SUPABASE_SECRET_KEY": "same"}, "SUPABASE_SECRET_KEY"),
    ],
)
def test_variables_that_contradict_each_other_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], named: str
) -> None:
    assert named in complaint(monkeypatch, **changes)


def test_older_keys_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", legacy_key("anon"))
    monkeypatch.setenv("SUPABASE_SECRET_KEY", legacy_key("service_role"))
    read_settings()


def test_origins_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    assert read_settings().cors_allowed_origins == ("https://a.example", "https://b.example")
