"""The outbox: everything is sent once, whatever breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
from flask import current_app

from app import create_app
from services.deliveries import MOST_ATTEMPTS, send_due_deliveries
from services.outside import Outside
from services.outside.mail import MailAlreadySent, MailRefused, MailThrottled
from services.pauses import FIRST_PAUSE, LONGEST_PAUSE, pause_after
from services.refusals import Unavailable
from tests.contract.mail_samples import SETTINGS, FakeDatabase, FakeMail, delivery


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase([delivery()])


@pytest.fixture
def mail(database: FakeDatabase) -> Iterator[FakeMail]:
    """The app's context around the test, with an outside in memory."""
    with create_app(SETTINGS).app_context():
        fake = FakeMail()
        current_app.extensions["outside"] = Outside(
            database=cast(Any, database), identity=cast(Any, None), storage=cast(Any, None),
            stripe=cast(Any, None), mail=fake, challenge=cast(Any, None),
        )  # fmt: skip
        yield fake


def test_what_is_due_is_sent_and_recorded(database: FakeDatabase, mail: FakeMail) -> None:
    assert send_due_deliveries() == 1
    (message,) = mail.sent.values()
    assert message.to == "ana@example.org"
    assert message.tags == {"kind": "order_confirmed", "delivery": delivery()["id"]}
    assert database.recorded[0]["outcome"] == "sent"
    assert database.recorded[0]["provider_id"] == "mail-1"


def test_nothing_due_is_nothing_done(database: FakeDatabase, mail: FakeMail) -> None:
    database.queued.clear()
    assert send_due_deliveries() == 0
    assert mail.calls == 0


def test_no_more_than_a_batch(database: FakeDatabase, mail: FakeMail) -> None:
    database.queued[:] = [delivery(id=f"d-{i}", idempotency_key=f"delivery:d-{i}") for i in range(5)]
    assert send_due_deliveries(batch=3) == 3
    assert len(mail.sent) == 3


def test_killed_between_sending_and_recording_it_is_still_sent_once(
    database: FakeDatabase, mail: FakeMail
) -> None:
    def die() -> None:
        raise SystemExit

    database.on_record = die
    with pytest.raises(SystemExit):
        send_due_deliveries()
    database.on_record = lambda: None
    assert send_due_deliveries() == 1  # the lease has lapsed: claimed again
    assert mail.calls == 2
    assert len(mail.sent) == 1  # the same key and, as the fake checks, the same words
    assert [record["provider_id"] for record in database.recorded] == ["mail-1"]


def test_a_database_that_is_away_stops_the_batch(database: FakeDatabase, mail: FakeMail) -> None:
    def away() -> None:
        raise Unavailable("database", "timeout")

    database.queued.append(delivery(id="d-2", idempotency_key="delivery:d-2"))
    database.on_record = away
    with pytest.raises(Unavailable):
        send_due_deliveries()
    assert mail.calls == 1


def test_a_lost_lease_is_somebody_elses_to_record(database: FakeDatabase, mail: FakeMail) -> None:
    def another_worker_claims() -> None:
        database.queued[0]["lease_token"] = "another"

    database.on_record = another_worker_claims
    assert send_due_deliveries() == 1
    assert database.recorded == []


def test_throttled_waits_as_told_and_is_never_given_up(database: FakeDatabase, mail: FakeMail) -> None:
    database.queued[0]["attempt"] = MOST_ATTEMPTS + 5
    mail.troubles = [MailThrottled(7)]
    send_due_deliveries()
    (record,) = database.recorded
    assert record["outcome"] == "retry"
    assert 8 <= record["retry_after_seconds"] <= 10


def test_unavailable_is_tried_again_later(database: FakeDatabase, mail: FakeMail) -> None:
    mail.troubles = [Unavailable("mail", "timeout")]
    send_due_deliveries()
    (record,) = database.recorded
    assert (record["outcome"], record["error"]) == ("retry", "timeout")
    assert 7 <= record["retry_after_seconds"] <= 15
    send_due_deliveries()
    assert database.recorded[1]["outcome"] == "sent"


def test_after_a_day_of_trying_it_is_given_up(database: FakeDatabase, mail: FakeMail) -> None:
    database.queued[0]["attempt"] = MOST_ATTEMPTS
    mail.troubles = [Unavailable("mail", "timeout")]
    send_due_deliveries()
    assert database.recorded[0]["outcome"] == "dead"


def test_a_definite_no_is_final(database: FakeDatabase, mail: FakeMail) -> None:
    mail.troubles = [MailRefused("422 validation_error: no such domain")]
    send_due_deliveries()
    assert database.recorded[0]["outcome"] == "dead"
    assert database.recorded[0]["error"] == "422 validation_error: no such domain"


def test_words_that_changed_after_a_first_attempt_are_not_sent_too(
    database: FakeDatabase, mail: FakeMail
) -> None:
    mail.troubles = [MailAlreadySent()]
    send_due_deliveries()
    assert (database.recorded[0]["outcome"], database.recorded[0]["provider_id"]) == ("sent", None)


@pytest.mark.parametrize("broken", [{"kind": "not_yet_known"}, {"data": {"order": {}}}])
def test_a_mail_that_cannot_be_written_does_not_hold_up_the_others(
    database: FakeDatabase, mail: FakeMail, broken: dict[str, Any]
) -> None:
    database.queued.insert(0, delivery(id="broken") | broken)
    assert send_due_deliveries() == 2
    assert [record["outcome"] for record in database.recorded] == ["retry", "sent"]
    assert len(mail.sent) == 1


@pytest.mark.parametrize("attempt", [1, 2, 5, 9, 28, 10_000])
def test_pauses_grow_up_to_an_hour_and_differ(attempt: int) -> None:
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (min(attempt, 20) - 1))
    pauses = [pause_after(attempt) for _ in range(200)]
    assert all(longest // 2 <= pause <= longest for pause in pauses)
    assert len(set(pauses)) > 1


def test_all_attempts_together_end_before_resend_forgets_the_key() -> None:
    longest = sum(min(LONGEST_PAUSE, FIRST_PAUSE * 2**i) for i in range(MOST_ATTEMPTS - 1))
    assert longest < 24 * 3600
