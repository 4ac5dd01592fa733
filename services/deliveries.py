"""The outbox: every message that a change of state owes somebody is sent from here, once.

A delivery is claimed under a lease, written, sent with an idempotency key that never changes, and recorded.
Whoever dies in between loses the lease; the next attempt says the same words with the same key, and Resend
sends nothing twice.
"""

from __future__ import annotations

import random
import time

import structlog
from flask import current_app

from services import mails
from services.models.deliveries import Delivery, DeliveryEvent
from services.outside import database, mail
from services.outside.mail import MailAlreadySent, MailRefused, MailThrottled
from services.pauses import pause_after
from services.refusals import Refusal, Unavailable

LEASE_SECONDS = 120
MOST_ATTEMPTS = 28  # some 21 hours: Resend forgets an idempotency key after 24

log = structlog.get_logger(__name__)


def send_due_deliveries(batch: int = 5) -> int:
    """Send what is due, at most `batch` messages (a second's worth), and return how many were claimed.

    A batch is small because other jobs wait for it, and longer when Resend is slow to answer.

    Raises Unavailable("database"); what was sent but not recorded then is sent again under the same key.
    """
    claimed_at = time.monotonic()
    claimed = database.call_as_service("claim_deliveries", batch=batch, lease_seconds=LEASE_SECONDS)
    for delivery in map(Delivery.model_validate, claimed):
        if time.monotonic() - claimed_at > LEASE_SECONDS / 2:
            break  # the rest may not fit into the lease: they are claimed again when it lapses
        _deliver(delivery)
    return len(claimed)


def record_event(event: DeliveryEvent) -> bool:
    """Note what became of a message. False when the event is ahead of our own note that it was sent.

    Auth's mails have events too, of which we know nothing: they are passed over.
    """
    answer = database.call_as_service(
        "record_delivery_event",
        provider_id=event.data.email_id,
        event=event.outcome,
        occurred_at=event.created_at.isoformat(),
    )
    return bool(answer["known"]) or not event.is_early


def _deliver(delivery: Delivery) -> None:
    try:
        message = mails.write(delivery, current_app.config["SETTINGS"].site_url)
    except Exception as error:  # a mail that cannot be written must not hold up the others
        log.exception("mail_not_written", delivery=delivery.id, kind=delivery.kind)
        _put_back(delivery, f"{type(error).__name__}: {error}", pause_after(delivery.attempt))
        return
    try:
        _record(delivery, "sent", provider_id=mail.send(message, delivery.idempotency_key))
    except MailAlreadySent:
        log.warning("mail_sent_before_in_other_words", delivery=delivery.id)
        _record(delivery, "sent")
    except MailRefused as refusal:
        log.error("mail_refused", delivery=delivery.id, reason=refusal.reason)
        _record(delivery, "dead", error=refusal.reason)
    except MailThrottled as throttled:  # never given up: nothing was taken, so nothing can be sent twice
        pause = round(throttled.retry_after + random.uniform(1, 3))  # noqa: S311
        _record(delivery, "retry", error=throttled.reason, retry_after_seconds=pause)
    except Unavailable as unavailable:
        if unavailable.provider != "mail":
            raise
        log.warning("mail_unavailable", delivery=delivery.id, reason=unavailable.reason)
        _put_back(delivery, unavailable.reason, pause_after(delivery.attempt))


def _put_back(delivery: Delivery, error: str, seconds: int) -> None:
    if delivery.attempt >= MOST_ATTEMPTS:
        log.error("mail_given_up", delivery=delivery.id, error=error)
        _record(delivery, "dead", error=error)
    else:
        _record(delivery, "retry", error=error, retry_after_seconds=seconds)


def _record(
    delivery: Delivery,
    outcome: str,
    *,
    provider_id: str | None = None,
    error: str | None = None,
    retry_after_seconds: int | None = None,
) -> None:
    try:
        database.call_as_service(
            "record_delivery",
            delivery_id=delivery.id,
            lease_token=delivery.lease_token,
            outcome=outcome,
            provider_id=provider_id,
            error=error,
            retry_after_seconds=retry_after_seconds,
        )
    except Refusal as refusal:  # the lease was lost: whoever holds it now records
        log.warning("delivery_not_recorded", delivery=delivery.id, word=refusal.word)
