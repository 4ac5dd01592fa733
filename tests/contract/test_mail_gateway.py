"""The mail gateway at the wire: what it sends to Resend, and what it makes of every answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from requests_mock import Mocker

from services.outside.mail import (
    LONGEST_PAUSE,
    MailAlreadySent,
    MailRefused,
    MailThrottled,
    OutgoingMail,
    Resend,
    address,
)
from services.refusals import Unavailable
from tests.contract.mail_samples import SETTINGS

EMAILS = "https://api.resend.com/emails"
JSON = {"content-type": "application/json"}
MESSAGE = OutgoingMail(
    to="ana@example.org",
    to_name="Ana Ruiz",
    subject="Confirmed",
    html="<p>Hello</p>",
    text="Hello",
    headers={"Auto-Submitted": "auto-generated"},
    tags={"kind": "order_confirmed"},
)


@pytest.fixture
def wire() -> Iterator[Mocker]:
    with Mocker() as mocker:
        yield mocker


@pytest.fixture
def mail() -> Resend:
    return Resend(SETTINGS)


def test_a_mail_goes_out_whole_with_its_key(wire: Mocker, mail: Resend) -> None:
    wire.post(EMAILS, json={"id": "mail-1"}, headers=JSON)
    assert mail.send(MESSAGE, "delivery:1") == "mail-1"
    request = wire.request_history[0]
    assert request.headers["Authorization"] == "Bearer re_test"
    assert request.headers["Idempotency-Key"] == "delivery:1"
    assert request.timeout is not None
    assert request.json() == {
        "from": "Guichet <tickets@guichet.example>",
        "to": ["Ana Ruiz <ana@example.org>"],
        "subject": "Confirmed",
        "html": "<p>Hello</p>",
        "text": "Hello",
        "headers": {"Auto-Submitted": "auto-generated"},
        "tags": [{"name": "kind", "value": "order_confirmed"}],
    }


def test_the_settings_may_name_another_address(wire: Mocker) -> None:
    wire.post("http://127.0.0.1:54324/emails", json={"id": "mail-1"}, headers=JSON)
    mail = Resend(SETTINGS.model_copy(update={"resend_api_url": "http://127.0.0.1:54324"}))
    assert mail.send(MESSAGE, "delivery:1") == "mail-1"


@pytest.mark.parametrize("status", [400, 413, 422, 451])
def test_a_definite_no_is_a_refusal(wire: Mocker, mail: Resend, status: int) -> None:
    wire.post(
        EMAILS,
        status_code=status,
        json={"name": "validation_error", "message": "No such domain."},
        headers=JSON,
    )
    with pytest.raises(MailRefused) as refused:
        mail.send(MESSAGE, "delivery:1")
    assert "No such domain." in refused.value.reason


def test_throttled_means_wait_as_long_as_resend_says(wire: Mocker, mail: Resend) -> None:
    wire.post(
        EMAILS, status_code=429, json={"name": "rate_limit_exceeded"}, headers=JSON | {"Retry-After": "7"}
    )
    with pytest.raises(MailThrottled) as throttled:
        mail.send(MESSAGE, "delivery:1")
    assert throttled.value.retry_after == 7
    with pytest.raises(MailThrottled) as still:
        mail.send(MESSAGE, "delivery:2")
    assert LONGEST_PAUSE < still.value.retry_after <= 7
    assert wire.call_count == 1  # Resend is left alone meanwhile


@pytest.mark.parametrize("header", ["", "soon", "-3"])
def test_throttled_without_a_usable_time_waits_a_second(wire: Mocker, mail: Resend, header: str) -> None:
    wire.post(
        EMAILS, status_code=429, json={"name": "rate_limit_exceeded"}, headers=JSON | {"retry-after": header}
    )
    with pytest.raises(MailThrottled) as throttled:
        mail.send(MESSAGE, "delivery:1")
    assert throttled.value.retry_after == 1


def test_a_key_used_with_other_words_was_sent_before(wire: Mocker, mail: Resend) -> None:
    wire.post(
        EMAILS, status_code=409, json={"name": "invalid_idempotent_request", "message": "…"}, headers=JSON
    )
    with pytest.raises(MailAlreadySent):
        mail.send(MESSAGE, "delivery:1")


def test_a_key_being_used_right_now_is_tried_again(wire: Mocker, mail: Resend) -> None:
    wire.post(
        EMAILS, status_code=409, json={"name": "concurrent_idempotent_requests", "message": "…"}, headers=JSON
    )
    with pytest.raises(MailThrottled):
        mail.send(MESSAGE, "delivery:1")


@pytest.mark.parametrize("status", [401, 403, 404, 405, 500, 502, 503])
def test_a_key_no_longer_known_and_an_error_of_theirs_are_no_fault_of_the_mail(
    wire: Mocker, mail: Resend, status: int
) -> None:
    wire.post(EMAILS, status_code=status, json={"name": "application_error", "message": "…"}, headers=JSON)
    with pytest.raises(Unavailable) as unavailable:
        mail.send(MESSAGE, "delivery:1")
    assert unavailable.value.provider == "mail"
    assert not isinstance(unavailable.value, MailThrottled)


@pytest.mark.parametrize("name", ["invalid_from_address", "invalid_access"])
def test_a_wrong_setting_of_ours_kills_no_mail(wire: Mocker, mail: Resend, name: str) -> None:
    wire.post(EMAILS, status_code=422, json={"name": name, "message": "…"}, headers=JSON)
    with pytest.raises(Unavailable):
        mail.send(MESSAGE, "delivery:1")


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "<html>no such page</html>", "status_code": 422, "headers": {"content-type": "text/html"}},
        {"text": "<html>maintenance</html>", "headers": {"content-type": "text/html"}},
        {"text": "", "headers": JSON},
        {"text": "{", "headers": JSON},
        {"text": "null", "headers": JSON},
        {"text": "[1]", "headers": JSON},
        {"text": "{}", "headers": JSON},
        {"text": '{"id": 7}', "headers": JSON},
        {"text": '{"id": ""}', "headers": JSON},
        {"status_code": 302, "headers": {"location": "https://elsewhere.example/emails"}},
        {"exc": requests.exceptions.ConnectTimeout},
        {"exc": requests.exceptions.ReadTimeout},
        {"exc": requests.exceptions.ConnectionError},
    ],
)
def test_silence_and_nonsense_mean_unavailable(wire: Mocker, mail: Resend, answer: Any) -> None:
    wire.post(EMAILS, **answer)
    with pytest.raises(Unavailable):
        mail.send(MESSAGE, "delivery:1")


def test_a_provider_that_keeps_failing_is_left_alone(wire: Mocker, mail: Resend) -> None:
    wire.post(EMAILS, status_code=500, json={"name": "application_error", "message": "…"}, headers=JSON)
    for _ in range(8):
        with pytest.raises(Unavailable):
            mail.send(MESSAGE, "delivery:1")
    assert wire.call_count == 5


def test_refusals_and_throttling_do_not_count_as_failing(wire: Mocker, mail: Resend) -> None:
    wire.post(EMAILS, status_code=422, json={"name": "validation_error", "message": "…"}, headers=JSON)
    for _ in range(6):
        with pytest.raises(MailRefused):
            mail.send(MESSAGE, "delivery:1")
    assert wire.call_count == 6


def test_no_more_than_five_a_second(wire: Mocker, mail: Resend) -> None:
    wire.post(EMAILS, json={"id": "mail-1"}, headers=JSON)
    started = time.monotonic()
    for i in range(6):
        mail.send(MESSAGE, f"delivery:{i}")
    assert time.monotonic() - started >= 1.0


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (None, "ana@example.org"),
        ("", "ana@example.org"),
        ("  Ana   Ruiz ", "Ana Ruiz <ana@example.org>"),
        ('Ana "Nina" Ruiz, PhD', "Ana Nina Ruiz PhD <ana@example.org>"),
        ("Eve <eve@example.org>", "Eve eve example.org <ana@example.org>"),
        ("Ana\r\nBcc: zoe@example.org", "Ana Bcc zoe example.org <ana@example.org>"),
        ("\u202egnp.exe", "gnp.exe <ana@example.org>"),
        ("أنا رويز", "أنا رويز <ana@example.org>"),
        ("👩‍👩‍👧 Ruiz", "👩‍👩‍👧 Ruiz <ana@example.org>"),
        ("<>", "ana@example.org"),
    ],
)
def test_a_name_is_never_structure(name: str | None, written: str) -> None:
    assert address("ana@example.org", name) == written
