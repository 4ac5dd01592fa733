"""The inbox answers Resend's own library as Resend does, tells of deliveries, and shows what it holds."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import resend
from resend.exceptions import ResendError

from tests.contract.inbox_process import ROOT, SECRET, Application, Inbox, free_port, listening

MAIL: dict[str, Any] = {
    "from": "Guichet <tickets@guichet.example>",
    "to": ["Ana Ruiz <ana@example.org>"],
    "subject": "Confirmed",
    "html": '<p>Hello <a href="https://guichet.example/orders/1?a=1&amp;b=2">order</a></p>',
    "text": "Hello",
}


@pytest.fixture(scope="module")
def application() -> Iterator[Application]:
    with listening() as application:
        yield application


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, application: Application) -> Iterator[Inbox]:
    inbox = Inbox(tmp_path_factory.mktemp("inbox"), application, free_port())
    inbox.start()
    yield inbox
    inbox.stop()


@pytest.fixture
def inbox(running: Inbox, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    """The running inbox, empty, with Resend's library pointed at it."""
    httpx.delete(f"{running.url}/_inbox/messages")
    httpx.delete(f"{running.url}/_inbox/failures")
    monkeypatch.setattr(resend, "api_key", "re_test")
    monkeypatch.setattr(resend, "api_url", running.url)
    monkeypatch.setattr(resend, "default_http_client", resend.RequestsClient(timeout=2))
    while not running.application.received.empty():
        running.application.received.get()
    return running


def send(key: str | None = None, **changes: Any) -> str:
    options: resend.Emails.SendOptions = {"idempotency_key": key} if key else {}
    return str(resend.Emails.send({**MAIL, **changes}, options)["id"])  # type: ignore[typeddict-item]


def test_a_mail_can_be_read_back(inbox: Inbox) -> None:
    sent = send(headers={"X-Entity-Ref-ID": "1"}, tags=[{"name": "kind", "value": "order_confirmed"}])
    assert resend.Emails.get(sent)["subject"] == "Confirmed"
    (message,) = inbox.messages(to="ana@")
    assert message["id"] == sent
    assert message["links"] == ["https://guichet.example/orders/1?a=1&b=2"]
    assert message["headers"] == {"X-Entity-Ref-ID": "1"}
    assert message["tags"] == {"kind": "order_confirmed"}


def test_the_same_key_sends_once_and_answers_the_same(inbox: Inbox) -> None:
    assert send("once") == send("once")
    assert len(inbox.messages()) == 1


def test_a_key_with_another_body_is_refused(inbox: Inbox) -> None:
    send("once")
    with pytest.raises(ResendError) as refused:
        send("once", subject="Another")
    assert (refused.value.code, refused.value.error_type) == (409, "invalid_idempotent_request")
    assert len(inbox.messages()) == 1


def test_mails_and_keys_survive_a_restart(inbox: Inbox) -> None:
    sent = send("once")
    inbox.stop()
    inbox.start()
    assert send("once") == sent
    assert [message["id"] for message in inbox.messages()] == [sent]


def test_only_the_right_key_opens_the_door(inbox: Inbox) -> None:
    missing = httpx.post(f"{inbox.url}/emails", json=MAIL)
    wrong = httpx.post(f"{inbox.url}/emails", json=MAIL, headers={"Authorization": "Bearer re_other"})
    assert (missing.status_code, missing.json()["name"]) == (401, "missing_api_key")
    assert (wrong.status_code, wrong.json()["name"]) == (403, "invalid_api_key")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"from": ""}, "missing_required_field"),
        ({"to": []}, "missing_required_field"),
        ({"subject": ""}, "missing_required_field"),
        ({"html": None, "text": None}, "missing_required_field"),
        ({"from": "not an address"}, "validation_error"),
        ({"to": ["ana@example.org\nBcc: zoe@example.org"]}, "validation_error"),
        ({"to": [f"{i}@example.org" for i in range(51)]}, "validation_error"),
        ({"html": 7}, "validation_error"),
        ({"headers": {"X-Number": 7}}, "validation_error"),
        ({"tags": [{"name": "kind", "value": "with blank"}]}, "validation_error"),
        ({"tags": ["kind"]}, "validation_error"),
        ({"attachments": [{"filename": "a.pdf"}]}, "invalid_attachment"),
        ({"attachments": [{"filename": "a.pdf", "content": "***"}]}, "invalid_attachment"),
    ],
)
def test_what_resend_refuses_is_refused(inbox: Inbox, changes: dict[str, Any], name: str) -> None:
    with pytest.raises(ResendError) as refused:
        send(**changes)
    assert (refused.value.code, refused.value.error_type) == (422, name)
    assert inbox.messages() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'"mail"'])
def test_a_body_that_is_no_mail_is_refused(inbox: Inbox, body: bytes) -> None:
    answer = httpx.post(f"{inbox.url}/emails", content=body, headers={"Authorization": "Bearer re_test"})
    assert answer.status_code in (400, 422)
    assert answer.json()["name"] == "validation_error"


def test_a_key_longer_than_256_characters_is_refused(inbox: Inbox) -> None:
    with pytest.raises(ResendError) as refused:
        send("k" * 257)
    assert (refused.value.code, refused.value.error_type) == (400, "invalid_idempotency_key")


def test_an_unknown_mail_is_not_found(inbox: Inbox) -> None:
    with pytest.raises(ResendError, match="not found"):
        resend.Emails.get("no-such-mail")


def test_a_batch_takes_a_hundred_and_no_more(inbox: Inbox) -> None:
    batch: list[Any] = [{**MAIL, "subject": f"Mail {i}"} for i in range(100)]
    first = resend.Batch.send(batch, {"idempotency_key": "batch"})
    again = resend.Batch.send(batch, {"idempotency_key": "batch"})
    assert [mail["id"] for mail in first["data"]] == [mail["id"] for mail in again["data"]]
    assert len(inbox.messages()) == 100
    with pytest.raises(ResendError, match="1 to 100"):
        resend.Batch.send([*batch, batch[0]])


def test_a_batch_takes_no_attachments(inbox: Inbox) -> None:
    batch: list[Any] = [{**MAIL, "attachments": [{"filename": "a.txt", "content": "aGk="}]}]
    with pytest.raises(ResendError, match="not supported in a batch"):
        resend.Batch.send(batch)


@pytest.mark.parametrize(
    ("recipient", "story"),
    [
        ("ana@example.org", ["email.sent", "email.delivered"]),
        ("bounced@resend.dev", ["email.sent", "email.bounced"]),
        ("bounced+ana@resend.dev", ["email.sent", "email.bounced"]),
        ("complained@resend.dev", ["email.sent", "email.delivered", "email.complained"]),
        ("suppressed@resend.dev", ["email.suppressed"]),
    ],
)
def test_what_becomes_of_a_mail_is_told_and_signed(inbox: Inbox, recipient: str, story: list[str]) -> None:
    sent = send(to=[recipient], tags=[{"name": "delivery", "value": "d-1"}])
    events = [verified(*inbox.application.next_event()) for _ in story]
    assert [event["type"] for event in events] == story
    assert {event["data"]["email_id"] for event in events} == {sent}
    assert events[0]["data"]["tags"] == {"delivery": "d-1"}
    assert inbox.messages()[0]["last_event"] == story[-1].removeprefix("email.")


def verified(headers: dict[str, str], body: str) -> Any:
    return resend.Webhooks.verify(
        {
            "payload": body,
            "headers": {
                "id": headers["svix-id"],
                "timestamp": headers["svix-timestamp"],
                "signature": headers["svix-signature"],
            },
            "webhook_secret": SECRET,
        }
    )


def test_a_webhook_is_repeated_until_it_is_heard(inbox: Inbox) -> None:
    inbox.application.refusals = 1
    send(to=["suppressed@resend.dev"])
    (refused, body), (heard, again) = inbox.application.next_event(), inbox.application.next_event()
    assert (refused["svix-id"], body) == (heard["svix-id"], again)


def test_throttling_on_demand(inbox: Inbox) -> None:
    inbox.plan("throttled", retry_after=7, count=2)
    for _ in range(2):
        with pytest.raises(ResendError) as throttled:
            send()
        assert throttled.value.code == 429
        assert throttled.value.headers["retry-after"] == "7"
    send()
    assert len(inbox.messages()) == 1


def test_an_error_on_demand(inbox: Inbox) -> None:
    inbox.plan("server_error")
    with pytest.raises(ResendError) as failed:
        send()
    assert failed.value.code == 500
    assert inbox.messages() == []


@pytest.mark.parametrize(("kind", "accepted"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_time_out_on_demand_loses_the_mail_or_only_the_answer(
    inbox: Inbox, kind: str, accepted: int
) -> None:
    inbox.plan(kind, seconds=0.2)
    with pytest.raises(ResendError) as lost:
        send("once")
    assert lost.value.error_type == "HttpClientError"
    assert len(inbox.messages()) == accepted
    send("once")
    assert len(inbox.messages()) == 1


@pytest.mark.parametrize("body", [{}, {"kind": "flood"}, {"kind": "throttled", "count": -1}, []])
def test_a_failure_nobody_knows_is_not_planned(inbox: Inbox, body: Any) -> None:
    assert httpx.post(f"{inbox.url}/_inbox/failures", json=body).status_code == 422
    assert httpx.get(f"{inbox.url}/_inbox/failures").json() == {"failures": []}


def test_a_test_may_wait_for_a_mail(inbox: Inbox) -> None:
    later = threading.Timer(0.3, send)
    later.start()
    assert [message["subject"] for message in inbox.messages(to="ana@", wait="10")] == ["Confirmed"]
    later.join()


def test_mails_after_an_instant(inbox: Inbox) -> None:
    send()
    (first,) = inbox.messages()
    send(subject="Second")
    assert [message["subject"] for message in inbox.messages(after=first["created_at"])] == ["Second"]


def test_the_page_lists_and_finds(inbox: Inbox) -> None:
    assert "Mails will be here" in httpx.get(inbox.url).text
    send()
    send(to=["zoe@example.org"], subject="<script>alert(1)</script>")
    everything, found = httpx.get(inbox.url).text, httpx.get(inbox.url, params={"to": "ana"}).text
    assert "2 mails" in everything
    assert "<script>alert" not in everything
    assert "ana@example.org" in found
    assert "zoe@example.org" not in found
    assert "No mail has gone to" in httpx.get(inbox.url, params={"to": "nobody"}).text


def test_the_page_of_a_mail_shows_all_its_parts(inbox: Inbox) -> None:
    picture = {"filename": "logo.png", "content": base64.b64encode(b"png").decode(), "content_id": "logo"}
    sent = send(html='<img src="cid:logo">', attachments=[picture], reply_to=["help@example.org"])
    page = httpx.get(f"{inbox.url}/messages/{sent}")
    framed = httpx.get(f"{inbox.url}/messages/{sent}/html")
    (kept,) = inbox.messages()[0]["attachments"]
    attachment = httpx.get(f"{inbox.url}/messages/{sent}/attachments/{kept['id']}")
    assert "help@example.org" in page.text
    assert "logo.png" in page.text
    assert f"/messages/{sent}/attachments/{kept['id']}" in framed.text
    assert "allow-scripts" not in framed.headers["content-security-policy"]
    assert "default-src 'none'" in framed.headers["content-security-policy"]
    assert (attachment.content, attachment.headers["content-type"]) == (b"png", "image/png")
    assert "attachment" in attachment.headers["content-disposition"]


def test_what_is_not_there_is_not_found(inbox: Inbox) -> None:
    for path in ("/messages/none", "/messages/none/html", "/messages/none/attachments/none"):
        assert httpx.get(inbox.url + path).status_code == 404


def test_the_inbox_can_be_emptied(inbox: Inbox) -> None:
    send()
    httpx.post(f"{inbox.url}/clear")
    assert inbox.messages() == []


@pytest.mark.parametrize(
    ("environment", "name"),
    [({}, "RESEND_API_KEY"), ({"RESEND_API_KEY": "re", "RESEND_WEBHOOK_URL": "x"}, "RESEND_WEBHOOK_SECRET")],
)
def test_a_missing_setting_is_named(environment: dict[str, str], name: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "local.inbox"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert name in run.stderr
