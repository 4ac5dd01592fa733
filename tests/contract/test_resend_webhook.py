"""Resend tells what became of a mail: only a signed word counts, and none is lost."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from local.inbox.webhooks import signed
from services.outside import Outside
from tests.contract.mail_samples import SETTINGS, FakeDatabase


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def client(database: FakeDatabase) -> Iterator[FlaskClient]:
    app = create_app(SETTINGS)
    app.extensions["outside"] = Outside(
        database=cast(Any, database), identity=cast(Any, None), storage=cast(Any, None),
        stripe=cast(Any, None), mail=cast(Any, None), challenge=cast(Any, None),
    )  # fmt: skip
    with app.test_client() as client:
        yield client


def event(type: str = "email.delivered", age: timedelta = timedelta(), **data: Any) -> str:
    at = (datetime.now(UTC) - age).isoformat()
    return json.dumps({"type": type, "created_at": at, "data": {"email_id": "mail-1"} | data})


def tell(
    client: FlaskClient, body: str, secret: str = SETTINGS.resend_webhook_secret, age: int = 0
) -> TestResponse:
    headers = signed("msg_1", body, secret, int(time.time()) - age)
    return client.post("/webhooks/resend", data=body.encode(), headers=headers)


@pytest.mark.parametrize(
    ("type", "outcome"),
    [
        ("email.delivered", "delivered"),
        ("email.bounced", "bounced"),
        ("email.failed", "bounced"),
        ("email.suppressed", "bounced"),
        ("email.complained", "complained"),
    ],
)
def test_what_became_of_a_mail_is_stored(
    client: FlaskClient, database: FakeDatabase, type: str, outcome: str
) -> None:
    assert tell(client, event(type)).status_code == 204
    (stored,) = database.events
    assert (stored["provider_id"], stored["event"]) == ("mail-1", outcome)
    assert datetime.fromisoformat(stored["occurred_at"]).tzinfo is not None


@pytest.mark.parametrize("type", ["email.sent", "email.opened", "contact.created", "something.new"])
def test_news_of_no_interest_is_heard_and_passed_over(
    client: FlaskClient, database: FakeDatabase, type: str
) -> None:
    assert tell(client, event(type)).status_code == 204
    assert database.events == []


def test_an_event_that_overtakes_our_own_record_comes_again(
    client: FlaskClient, database: FakeDatabase
) -> None:
    database.knows_events = False
    assert tell(client, event(tags={"delivery": "d-1"})).status_code == 503


@pytest.mark.parametrize(
    "body",
    [event(), event(tags={}), event(age=timedelta(minutes=11), tags={"delivery": "erased"})],
    ids=["a mail of Auth", "no tags", "long gone"],
)
def test_an_event_of_a_mail_that_is_not_ours_is_passed_over(
    client: FlaskClient, database: FakeDatabase, body: str
) -> None:
    database.knows_events = False
    assert tell(client, body).status_code == 204


def test_a_forged_signature_is_refused(client: FlaskClient, database: FakeDatabase) -> None:
    assert tell(client, event(), secret="whsec_b3RoZXI=").status_code == 400
    assert database.events == []


def test_a_changed_body_is_refused(client: FlaskClient, database: FakeDatabase) -> None:
    headers = signed("msg_1", event("email.delivered"), SETTINGS.resend_webhook_secret, int(time.time()))
    assert client.post("/webhooks/resend", data=event("email.bounced"), headers=headers).status_code == 400
    assert database.events == []


@pytest.mark.parametrize("age", [301 + 60, -301 - 60])
def test_an_old_or_future_timestamp_is_refused(client: FlaskClient, database: FakeDatabase, age: int) -> None:
    assert tell(client, event(), age=age).status_code == 400
    assert database.events == []


@pytest.mark.parametrize("missing", ["svix-id", "svix-timestamp", "svix-signature"])
def test_a_missing_header_is_refused(client: FlaskClient, missing: str) -> None:
    headers = signed("msg_1", event(), SETTINGS.resend_webhook_secret, int(time.time()))
    del headers[missing]
    assert client.post("/webhooks/resend", data=event(), headers=headers).status_code == 400


@pytest.mark.parametrize(
    "body", ["{", "[" * 100_000, "[]", "7", "{}", '{"type": "email.delivered", "created_at": "yesterday"}']
)
def test_a_signed_body_that_makes_no_sense_is_refused(client: FlaskClient, body: str) -> None:
    assert tell(client, body).status_code == 400


def test_nobody_else_is_asked_for_a_form_token_or_a_session(client: FlaskClient) -> None:
    assert client.get("/webhooks/resend").status_code == 405
    assert client.post("/webhooks/resend").status_code == 400
