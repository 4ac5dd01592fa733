"""Short mails about a change in an order: what each kind says, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app import create_app
from services import mails
from services.models.deliveries import Delivery
from tests.contract.mail_samples import FACTS, ORDER, SETTINGS, delivery, notice
from tests.contract.test_mails import Reader, plain


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[None]:
    with create_app(SETTINGS).app_context():
        yield


def says(kind: str, locale: str = "en", order: dict[str, Any] | None = None, **facts: Any) -> tuple[str, str]:
    """The subject, and the words of both parts, which must say the same."""
    told = delivery(kind, locale=locale, data=FACTS.get(kind, {}) | facts, order=order or {})
    message = mails.write(Delivery.model_validate(told), SETTINGS.site_url)
    seen, text = Reader(message.html).words, plain(message.text)
    for part in (seen, text):
        assert "GC2026-7K3M9Q" in part
        assert "French and English over a beer" in part
    return message.subject, f"{seen} | {text}"


def twice(words: str, sentence: str) -> bool:
    """Whether both parts say it; the preview above the mail may say it once more."""
    return words.count(sentence) >= 2


def test_a_seat_given_up() -> None:
    subject, words = says("seats_cancelled")
    assert subject == "Cancelled: French and English over a beer"
    assert twice(words, "A seat is cancelled.")
    assert twice(words, "Your seat is given up, as you asked.")
    assert twice(words, "€7.00 is on its way back to you. It goes to the card or account you paid with")


def test_a_whole_order_given_up() -> None:
    _, words = says("seats_cancelled", seats=2, whole=True, amount_cents=1400)
    assert twice(words, "Your order is cancelled.")
    assert twice(words, "2 seats are given up, as you asked.")


def test_seats_that_cost_nothing_speak_of_no_money() -> None:
    _, words = says("seats_cancelled", amount_cents=0, order={"paid_cents": 0, "total_cents": 0})
    assert "€" not in words
    assert "back" not in words


def test_seats_that_the_organizer_cancelled() -> None:
    _, words = says("seats_cancelled", cause="organizer", reason="You called us.")
    assert twice(words, "The organizer has cancelled your seats.")
    assert twice(words, "The organizer writes: You called us.")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("The pipes froze.", "The organizer writes: The pipes froze."),
        ("too_few_people", "Too few people had signed up."),
    ],
)
def test_an_event_called_off_that_was_paid(reason: str, sentence: str) -> None:
    _, words = says("seats_cancelled", cause="event", reason=reason, seats=2, whole=True, amount_cents=1400)
    assert twice(words, "French and English over a beer does not take place. We are sorry.")
    assert twice(words, sentence)
    assert "too_few_people" not in words
    assert twice(words, "€14.00 is on its way back to you.")


def test_an_event_called_off_that_was_not_paid() -> None:
    _, words = says("event_cancelled", order={"paid_cents": 0})
    assert twice(words, "The event does not take place.")
    assert twice(words, "The organizer writes: The pipes froze.")
    assert twice(words, "You have paid nothing, so there is nothing you need to do.")
    assert "Going back to you" not in words


@pytest.mark.parametrize(
    ("payment_status", "sentence"),
    [
        ("paid", "What you paid comes back to you from the organizer; we write again when it does."),
        ("processing", "Should your payment still arrive, it goes back to you by itself."),
    ],
)
def test_an_event_called_off_whose_money_is_still_to_come_back(payment_status: str, sentence: str) -> None:
    _, words = says("event_cancelled", order={"payment_status": payment_status})
    assert twice(words, sentence)
    assert "You have paid nothing" not in words


def test_a_refund_that_failed() -> None:
    subject, words = says("refund_failed")
    assert subject == "Your refund did not go through: French and English over a beer"
    assert twice(words, "We tried to give €14.00 back and the payment provider did not accept it.")
    assert twice(words, "Your seats are still yours.")
    assert "Going back to you" not in words


def test_seats_offered() -> None:
    subject, words = says("seats_offered")
    assert subject == "Seats are free: French and English over a beer"
    assert twice(words, "2 seats are held for you.")
    assert twice(
        words,
        "Please pay until Fri 20 Nov 2037, 21:30, Brussels time; after that they go to whoever is next.",
    )
    assert "https://guichet.example/orders/GC2026-7K3M9Q" in words


def test_a_request() -> None:
    subject, words = says("order_requested", order={"status": "awaiting_approval", "paid_cents": 0})
    assert subject == "Requested: French and English over a beer"
    assert twice(words, "The organizer is looking at your request.")
    assert twice(words, "You asked for 2 seats. They are not held yet: the organizer answers each request.")
    assert twice(words, "without one, your request lapses on Fri 20 Nov 2037, 21:30, Brussels time.")
    assert twice(words, "You have paid nothing. You do so only after a yes")
    assert "https://guichet.example/orders/GC2026-7K3M9Q" in words


def test_a_request_for_seats_that_cost_nothing() -> None:
    _, words = says("order_requested", order={"total_cents": 0})
    assert "paid" not in words


def test_a_yes() -> None:
    subject, words = says("order_approved")
    assert subject == "Accepted: French and English over a beer"
    assert twice(words, "Your seats are held.")
    assert twice(words, "Please pay until Fri 20 Nov 2037, 21:30, Brussels time")


def test_a_no() -> None:
    subject, words = says("order_declined")
    assert subject == "Not this time: French and English over a beer"
    assert twice(words, "The organizer writes: We keep this round small.")
    assert "https://guichet.example/events/french-english-evening" in words


def test_no_answer() -> None:
    subject, words = says("order_unanswered")
    assert subject == "No answer in time: French and English over a beer"
    assert twice(words, "The organizer did not answer, so your request for seats has lapsed.")


def test_a_new_address() -> None:
    subject, words = says("order_readdressed")
    assert subject == "Your order for French and English over a beer"
    assert twice(words, "The organizer has changed the address of order GC2026-7K3M9Q to this one.")
    assert "https://guichet.example/orders/GC2026-7K3M9Q" in words


def test_an_order_released() -> None:
    subject, words = says("order_released")
    assert subject == "Cancelled: French and English over a beer"
    assert twice(words, "The organizer has cancelled your order before it was paid.")
    assert "https://guichet.example/events/french-english-evening" in words


def test_another_time() -> None:
    subject, words = says("event_changed")
    assert subject == "Changed: French and English over a beer"
    assert twice(words, "The time has changed.")
    assert twice(words, "Until now it was: Thursday 26 November 2037, 19:00–20:00. Online.")
    assert twice(words, "Your seats stay yours.")
    assert "Please pay until" not in words


def test_another_time_while_seats_are_held() -> None:
    _, words = says("event_changed", order={"status": "pending", "payment_status": "unpaid", "can": ["pay"]})
    assert twice(words, "Your seats are held.")
    assert twice(words, "Please pay until Fri 20 Nov 2037, 21:30, Brussels time")
    assert "stay yours" not in words


def test_the_same_hour_by_another_clock_is_another_time() -> None:
    before = {
        "starts_at": "2037-11-27T19:00:00+00:00", "ends_at": "2037-11-27T20:00:00+00:00",
        "timezone": "Europe/Lisbon", "online": False, "venue": ORDER["event"]["venue"],
    }  # fmt: skip
    _, words = says("event_changed", before=before)
    assert twice(words, "The time has changed.")
    assert twice(words, "Until now it was: Friday 27 November 2037, 19:00–20:00, Lisbon time. Le Phare")


@pytest.mark.parametrize(
    ("kind", "locale", "consequence", "because"),
    [
        ("line_dismissed", "en", "You were waiting in line for it.", "because you waited in line for it"),
        (
            "seat_dismissed",
            "en",
            "You had a seat there that somebody else booked.",
            "because somebody booked a seat for you there",
        ),
        (
            "seat_dismissed",
            "fr",
            "Vous y aviez une place, réservée par quelqu’un d’autre.",
            "parce que quelqu’un y avait réservé une place pour vous",
        ),
    ],
)
def test_an_event_called_off_for_those_without_an_order(
    kind: str, locale: str, consequence: str, because: str
) -> None:
    told = notice(kind, reason="The pipes froze.") | {"locale": locale}
    message = mails.write(Delivery.model_validate(told), SETTINGS.site_url)
    for part in (Reader(message.html).words, plain(message.text)):
        assert "French and English over a beer" in part
        assert "The pipes froze." in part
        assert consequence in part
        assert because in part
        assert "Reference" not in part


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("seats_cancelled", "Votre place est rendue, comme vous l’avez demandé."),
        (
            "event_cancelled",
            "Ce que vous avez payé vous revient de l’organisateur ; nous vous écrivons quand c’est fait.",
        ),
        ("refund_failed", "Vos places restent à vous."),
        ("seats_offered", "2 places vous sont réservées."),
        ("order_requested", "Vous avez demandé 2 places. Elles ne sont pas encore gardées"),
        ("order_approved", "L’organisateur a dit oui."),
        ("order_declined", "Vous n’avez rien payé, vous n’avez donc rien à faire."),
    ],
)
def test_in_french(kind: str, sentence: str) -> None:
    _, words = says(kind, "fr")
    assert twice(words, sentence)
