"""Hidden ticket types: seen and bought by whoever has their word, and by nobody else."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import guest, line


@pytest.fixture
def show(database: Database, omar: Person) -> Event:
    return events.event(database, organizer_id=events.organizer(database, owner=omar))


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show, 2000, name="Seat")


@pytest.fixture
def friend(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show, 500, name="Friend", access_code="FRIENDS")


def names(caller: Database, show: Event, **asked: Any) -> list[str]:
    return [type["name"] for type in caller.call("read_event", slug=show.slug, **asked)["ticket_types"]]


def buy(caller: Database, show: Event, type: uuid.UUID, **asked: Any) -> Any:
    return caller.call("place_order", event_id=show.id, lines=[line(type)], buyer=guest(), **asked)


def test_it_is_shown_to_whoever_has_its_word(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, friend: uuid.UUID
) -> None:
    visitor = database.visitor()
    assert names(visitor, show) == names(visitor, show, code="wrong") == ["Seat"]
    assert names(visitor, show, code=" friends ") == ["Friend", "Seat"]
    card = visitor.call("read_event", slug=show.slug)
    assert (card["price_from_cents"], card["price_to_cents"]) == (2000, 2000)
    counted = visitor.call("read_availability", event_id=show.id)["ticket_types"]
    assert [type["id"] for type in counted] == [str(seat)]
    assert visitor.rows("select name from public.ticket_types where event_id = %s", [show.id]) == [("Seat",)]
    own = database.person(omar).rows("select access_code from public.ticket_types where id = %s", [friend])
    assert own == [("FRIENDS",)]


def test_its_word_is_told_to_who_may_change_it_alone(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, friend: uuid.UUID
) -> None:
    def told(person: Person) -> set[tuple[bool, str | None]]:
        caller = database.person(person)
        listed = caller.call("read_team_event", event_id=show.id)["event"]["ticket_types"]
        alone = caller.call("read_team_ticket_type", ticket_type_id=friend)["ticket_type"]
        return {(type["hidden"], type["access_code"]) for type in (*listed, alone)}

    assert told(omar) == {(True, "FRIENDS"), (False, None)}
    for role in ("finance", "door"):
        member = database.sign_up(role.title())
        events.insert(
            database, "organizer_members", organizer_id=show.organizer_id, user_id=member.id, role=role
        )
        assert told(member) == {(True, None), (False, None)}
        rows = database.person(member).rows(
            "select id from public.ticket_types where event_id = %s", [show.id]
        )
        assert rows == [(seat,)]


def test_it_is_priced_and_sold_with_its_word_alone(
    database: Database, show: Event, friend: uuid.UUID
) -> None:
    visitor, lines = database.visitor(), [line(friend)]
    assert visitor.call("quote", event_id=show.id, lines=lines, code="Friends")["total_cents"] == 500
    assert buy(visitor, show, friend, promotion_code="friends")["total_cents"] == 500
    with visitor.refuses("unknown_ticket_type", 422):
        visitor.call("quote", event_id=show.id, lines=lines)
    with visitor.refuses("unknown_ticket_type", 422):
        buy(visitor, show, friend)
    with visitor.refuses("code_unknown", 422):
        buy(visitor, show, friend, promotion_code="FOES")


def test_a_promotion_code_of_the_same_word_does_both(
    database: Database, show: Event, friend: uuid.UUID
) -> None:
    facts = {"organizer_id": show.organizer_id, "code": "FRIENDS", "percent": 50}
    events.insert(database, "promotion_codes", **facts)
    assert buy(database.visitor(), show, friend, promotion_code="friends")["total_cents"] == 250


@pytest.mark.parametrize("over", [{"max_uses": 1}, {"ends_at": timedelta(0)}])
def test_it_stays_open_when_the_promotion_of_its_word_is_over(
    database: Database, show: Event, friend: uuid.UUID, over: dict[str, Any]
) -> None:
    if "ends_at" in over:
        over = {"ends_at": database.value("select private.now()")}
    facts = {"organizer_id": show.organizer_id, "code": "FRIENDS", "percent": 50, **over}
    events.insert(database, "promotion_codes", **facts)
    prices = [
        buy(database.visitor(), show, friend, promotion_code="friends")["total_cents"] for _ in range(2)
    ]
    assert prices[-1] == 500


def test_another_code_opens_nothing(database: Database, show: Event, friend: uuid.UUID) -> None:
    events.insert(database, "promotion_codes", organizer_id=show.organizer_id, code="SPRING", percent=50)
    with database.refuses("unknown_ticket_type", 422):
        buy(database.visitor(), show, friend, promotion_code="SPRING")


def test_an_event_with_hidden_types_alone_is_sold_to_friends(
    database: Database, show: Event, friend: uuid.UUID
) -> None:
    def sale(**code: str) -> Any:
        return database.visitor().call("read_event", slug=show.slug, **code)["sale"]

    assert (sale(), sale(code="foes"), sale(code="friends")) == ("by_code", "by_code", "on_sale")
    database.move_clock(show.starts_at - database.value("select now()"))
    assert sale() == "ended"


def test_nobody_waits_in_line_for_it(database: Database, show: Event, friend: uuid.UUID, ana: Person) -> None:
    with database.person(ana).refuses("unknown_ticket_type", 422):
        database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=friend, quantity=5)
