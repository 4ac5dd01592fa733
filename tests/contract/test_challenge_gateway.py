"""What is asked of Turnstile, and what its answers mean."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from config import Settings, SettingsError, read_settings
from services import caller
from services.caller import Caller
from services.outside.challenge import VERIFY, Turnstile
from services.refusals import Unavailable
from tests.contract.outside import settings, wire
from tests.contract.test_settings import COMPLETE

KEYS = {"turnstile_site_key": "site", "turnstile_secret_key": "secret"}


def gateway(*answers: Any) -> tuple[Turnstile, Any]:
    asked = wire(*answers)
    return Turnstile(settings(**KEYS), asked.pool), asked


@pytest.mark.parametrize("verdict", [True, False])
def test_an_answer_is_judged_with_the_address_it_came_from(verdict: bool) -> None:
    turnstile, asked = gateway(httpx.Response(200, json={"success": verdict}))
    with caller.acting_as(Caller(address="203.0.113.7")):
        assert turnstile.passed("an answer") is verdict
    (request,) = asked.asked
    assert str(request.url) == VERIFY
    assert parse_qs(request.content.decode()) == {
        "secret": ["secret"], "response": ["an answer"], "remoteip": ["203.0.113.7"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer", [httpx.ConnectError("down"), httpx.Response(500), httpx.Response(200, text="<html>")]
)
def test_no_sensible_answer_is_unavailable(answer: Any) -> None:
    turnstile, _ = gateway(answer)
    with pytest.raises(Unavailable):
        turnstile.passed("an answer")


@pytest.mark.parametrize("name", ["TURNSTILE_SITE_KEY", "TURNSTILE_SECRET_KEY"])
def test_one_key_without_the_other_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for variable, value in {**COMPLETE, name: "x"}.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match="belong together"):
        read_settings()
    assert Settings.model_fields[name.lower()].description
