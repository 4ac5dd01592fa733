"""Codes are told, not found by trying: wrong ones are counted by address, whichever way they are tried."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.crowd import Crowd
from tests.sql.orders import guest, line

LIMIT = 3
Try = Callable[[Database, events.Event, uuid.UUID, str], Any]


def quote(db: Database, show: events.Event, seat: uuid.UUID, word: str) -> Any:
    return db.call("quote", event_id=show.id, lines=[line(seat)], code=word)["applied"]


def page(db: Database, show: events.Event, seat: uuid.UUID, word: str) -> Any:
    return db.call("read_event", slug=show.slug, code=word)["code_refusal"]


def form(db: Database, show: events.Event, seat: uuid.UUID, word: str) -> Any:
    return db.call("prepare_order", slug=show.slug, lines=[line(seat)], code=word)["quote"]["applied"]


def order(db: Database, show: events.Event, seat: uuid.UUID, word: str) -> Any:
    asked = {"event_id": show.id, "lines": [line(seat)], "buyer": guest(), "promotion_code": word}
    return db.call("place_order", **asked)["lines"][0]["applied"]


@pytest.fixture
def show(database: Database) -> events.Event:
    database.rows("update private.limits set amount = %s where name = 'wrong_codes_by_address'", [LIMIT])
    show = events.event(database)
    told = {"organizer_id": show.organizer_id, "code": "SPRING", "percent": 20}
    events.insert(database, "promotion_codes", **told)
    return show


@pytest.fixture
def seat(database: Database, show: events.Event) -> uuid.UUID:
    return events.ticket_type(database, show)


@pytest.fixture
def here(database: Database) -> Database:
    return database.visitor(**database.at("192.0.2.7"))


def guess(here: Database, show: events.Event, seat: uuid.UUID, times: int = LIMIT) -> None:
    for number in range(times):
        with here.refuses("code_unknown", 422):
            quote(here, show, seat, f"WRONG{number}")


@pytest.mark.parametrize("attempt", [quote, form, order])
def test_whoever_has_tried_too_many_is_told_of_no_other(
    database: Database, here: Database, show: events.Event, seat: uuid.UUID, attempt: Try
) -> None:
    for number in range(LIMIT):
        with here.refuses("code_unknown", 422):
            attempt(here, show, seat, f"WRONG{number}")
    for word in ("WRONG", "SPRING"):
        with here.refuses("too_many_codes", 429) as refusal:
            attempt(here, show, seat, word)
        assert refusal.detail == {"retry_after": 60}
    elsewhere = database.visitor(**database.at("192.0.2.8"))
    assert attempt(elsewhere, show, seat, "SPRING") == ["code"]


def test_the_page_of_an_event_counts_as_well_and_is_shown_all_the_same(
    here: Database, show: events.Event, seat: uuid.UUID
) -> None:
    told = [page(here, show, seat, word) for word in ("W1", "W2", "W3", "W4", "SPRING")]
    assert told == ["code_unknown"] * LIMIT + ["too_many_codes"] * 2


def test_words_that_open_hidden_ticket_types_are_not_found_by_trying_either(
    database: Database, here: Database, show: events.Event, seat: uuid.UUID
) -> None:
    events.ticket_type(database, show, access_code="FRIENDS")
    guess(here, show, seat)
    shown = here.call("read_event", slug=show.slug, code="FRIENDS")
    assert [type["hidden"] for type in shown["ticket_types"]] == [False]
    assert shown["code_refusal"] == "too_many_codes"


def test_after_a_minute_one_may_try_again(
    database: Database, here: Database, show: events.Event, seat: uuid.UUID
) -> None:
    guess(here, show, seat)
    database.move_clock(timedelta(seconds=59))
    with here.refuses("too_many_codes", 429) as refusal:
        quote(here, show, seat, "SPRING")
    assert refusal.detail == {"retry_after": 1}
    database.move_clock(timedelta(minutes=1))
    assert quote(here, show, seat, "SPRING") == ["code"]
    guess(here, show, seat)


def test_nothing_is_kept_of_those_who_know_theirs_nor_of_anybody_for_long(
    database: Database, here: Database, show: events.Event, seat: uuid.UUID
) -> None:
    for attempt in (quote, page, form, order):
        attempt(here, show, seat, "SPRING")
    here.call("quote", event_id=show.id, lines=[line(seat)], code=" ")
    assert database.value("select count(*) from private.code_guesses") == 0
    guess(here, show, seat, 1)
    database.move_clock(timedelta(minutes=1))
    guess(database.visitor(**database.at("192.0.2.8")), show, seat, 1)
    assert database.rows("select host(address), guesses from private.code_guesses") == [("192.0.2.8", 1)]


def test_whose_address_is_not_known_is_limited_with_all_others_of_that_kind(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    guess(database.visitor(), show, seat)
    with database.refuses("too_many_codes", 429):
        quote(database.visitor(), show, seat, "SPRING")


def test_a_code_that_could_not_be_counted_is_not_judged(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    """The Data API reads in transactions that cannot write: without a code, that is enough."""
    database.connection.execute("set transaction read only")
    assert quote(database.visitor(), show, seat, "") == []
    for word in ("SPRING", "WRONG"):
        with database.refuses("Codes are tried by POST: wrong ones are counted."):
            quote(database.visitor(), show, seat, word)


def test_of_many_guesses_at_once_no_more_are_answered_than_of_those_in_turn(crowd: Crowd) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    here = crowd.owner.at("192.0.2.99")
    limit = crowd.owner.value("select amount from private.limits where name = 'wrong_codes_by_address'")
    attempts = [
        lambda db, word=f"WRONG{number}": quote(db.visitor(**here), show, seat, word) for number in range(25)
    ]
    assert Counter(crowd.rush(attempts)) == {"code_unknown": limit, "too_many_codes": 25 - limit}
