"""Mails about a team: what each kind says, in both languages, in both parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app import create_app
from services import mails
from services.models.deliveries import Delivery
from tests.contract.mail_samples import SETTINGS, team_delivery
from tests.contract.test_mails import Reader, plain


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[None]:
    with create_app(SETTINGS).app_context():
        yield


def parts(locale: str = "en", **data: Any) -> tuple[str, list[str], list[str]]:
    """An invitation's subject, the words of both parts, and its links."""
    told = {"role": "manager", "invited_by": "Omar", "site_path": "/invitations/s3cret", **data}
    message = mails.write(
        Delivery.model_validate(team_delivery("team_invitation", locale, **told)), SETTINGS.site_url
    )
    seen = Reader(message.html)
    return message.subject, [seen.words, plain(message.text)], seen.links


def test_an_invitation_says_who_asks_and_what_for() -> None:
    subject, both, links = parts()
    assert subject == "Join Tandem & Co on Guichet"
    for words in both:
        assert "Omar asks you to join Tandem & Co." in words
        assert "As a manager you look after events, tickets, orders and refunds." in words
        assert "because Tandem & Co invited this address" in words
        assert "order" not in words.replace("orders and refunds", "")
    assert "https://guichet.example/invitations/s3cret" in links
    assert "https://guichet.example/invitations/s3cret" in both[1]


@pytest.mark.parametrize(
    ("role", "sentence"),
    [("owner", "everything"), ("finance", "invoices"), ("door", "let people in")],
)
def test_each_role_is_explained(role: str, sentence: str) -> None:
    assert all(sentence in words for words in parts(role=role)[1])


def test_in_french_and_without_a_name() -> None:
    subject, both, _ = parts("fr", invited_by=None)
    assert subject == "Rejoignez Tandem & Co sur Guichet"
    for words in both:
        assert "On vous propose de rejoindre Tandem & Co." in words


def test_a_name_is_no_markup() -> None:
    message = mails.write(
        Delivery.model_validate(
            team_delivery("team_invitation", organizer={"name": "<b>x</b>", "slug": "x"}, role="door")
        ),
        SETTINGS.site_url,
    )
    assert "<b>x</b>" not in message.html
    assert "<b>x</b>" in message.text
