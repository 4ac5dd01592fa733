"""What a mail can be sent to: one rule for buyers, attendees, accounts and invitations."""

from __future__ import annotations

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.orders import guest, line, place


@pytest.mark.parametrize(
    "word",
    [
        "a@b.co",
        "ana+door@example.org",
        "o'brien@example.co.uk",
        "x_y.z-1@sub-domain.example.museum",
        "josé@exämple.org",
        "用户@例え.テスト",
        "ana@xn--exmple-cua.org",
        f"{'a' * 64}@example.org",
    ],
)
def test_an_address_is_known(database: Database, word: str) -> None:
    assert database.value("select private.is_address(%s)", [word]) is True


@pytest.mark.parametrize(
    "word",
    [
        "",
        "ana",
        "ana@example",
        "a,b@example.org",
        "a@b.co;",
        "a<b>c@example.org",
        "Ana <ana@example.org>",
        '"ana"@example.org',
        "x@-.-",
        "x@-example.org",
        "x@example-.org",
        "a..b@example.org",
        ".a@example.org",
        "a.@example.org",
        "a@example..org",
        "a@example.o",
        "a@b@example.org",
        "a b@example.org",
        "a@exam ple.org",
        "a\n@example.org",
        "a@[127.0.0.1]",
        "mailto:ana@example.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 250}.org",
    ],
)
def test_what_no_mail_reaches_is_none(database: Database, word: str) -> None:
    assert database.value("select private.is_address(%s)", [word]) is False


def test_nobody_pays_for_a_seat_whose_mail_would_be_lost(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    with database.refuses("buyer_email_invalid", 422):
        place(database.visitor(), show, seat, buyer=guest() | {"email": "a,b@example.org"})
    attendees = [{"name": "Ana", "email": "a,b@example.org"}]
    with database.refuses("attendees_invalid", 422):
        database.visitor().call(
            "place_order", event_id=show.id, lines=[line(seat, attendees=attendees)], buyer=guest()
        )
