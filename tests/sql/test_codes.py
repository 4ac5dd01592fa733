"""Promotion codes: their window, their limits kept exactly, and what they combine with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.crowd import Crowd
from tests.sql.events import Event
from tests.sql.orders import HOLD, guest, line, paid

MICROSECOND = timedelta(microseconds=1)


def code(db: Database, show: Event, word: str = "SPRING", **facts: Any) -> UUID:
    if "amount_cents" in facts:
        facts["currency"] = "EUR"
    made: UUID = events.insert(
        db,
        "promotion_codes",
        organizer_id=show.organizer_id,
        code=word,
        **(facts if facts.keys() & {"percent", "amount_cents"} else {"percent": 20, **facts}),
    )
    return made


def total(
    db: Database, show: Event, seat: UUID, quantity: int = 1, word: str = "spring"
) -> tuple[int, list[str]]:
    quote = db.visitor().call("quote", event_id=show.id, lines=[line(seat, quantity)], code=word)
    return quote["total_cents"], quote["applied"]


def use(db: Database, show: Event, seat: UUID, **buyer: Any) -> Any:
    return db.visitor().call(
        "place_order", event_id=show.id, lines=[line(seat)], buyer=guest() | buyer, promotion_code=" spring "
    )


def test_a_code_counts_from_its_first_instant_to_before_its_end(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    now = database.value("select private.now()")
    code(database, show, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    for shift, passes in ((1, False), (0, True)):
        database.move_clock(timedelta(hours=1) - shift * MICROSECOND)
        if passes:
            assert total(database, show, seat) == (800, ["code"])
        else:
            with database.refuses("code_not_valid_now", 409):
                total(database, show, seat)
    database.move_clock(timedelta(hours=2) - MICROSECOND)
    assert total(database, show, seat)[0] == 800
    database.move_clock(timedelta(hours=2))
    with database.refuses("code_not_valid_now", 409):
        total(database, show, seat)


def test_a_code_of_another_team_event_or_currency_is_unknown(database: Database) -> None:
    show, other = events.event(database), events.event(database)
    seat = events.ticket_type(database, show)
    code(database, other)
    code(database, show, "SWISS", amount_cents=100) and database.rows(
        "update public.promotion_codes set currency = 'CHF' where code = 'SWISS'"
    )
    code(database, show, "ELSEWHERE", event_id=events.event(database, organizer_id=show.organizer_id).id)
    for word in ("spring", "swiss", "elsewhere", "nothing"):
        with database.refuses("code_unknown", 422):
            total(database, show, seat, word=word)


@pytest.mark.parametrize(
    ("facts", "quantity", "expected"),
    [
        ({"percent": 30}, 3, (2000, ["group"])),  # the group's third off is worth more
        ({"percent": 50}, 3, (1500, ["code"])),
        ({"amount_cents": 300}, 2, (1700, ["code"])),
        ({"amount_cents": 5000}, 2, (0, ["code"])),
        ({"amount_cents": 951}, 1, (0, ["code"])),  # 49 cents are less than can be charged
        ({"amount_cents": 950}, 1, (50, ["code"])),
    ],
)
def test_a_code_counts_instead_of_the_group_price_where_it_is_worth_more(
    database: Database, facts: dict[str, Any], quantity: int, expected: tuple[int, list[str]]
) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, 1000, group_min_quantity=3, group_percent=33)
    code(database, show, **facts)
    if expected == (2000, ["group"]):
        expected = (2010, ["group"])
    assert total(database, show, seat, quantity) == expected


def test_a_code_comes_on_top_of_early_bird(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(
        database, show, early_bird_price_cents=500, early_bird_until=database.value("select private.now()")
    )
    code(database, show)
    assert total(database, show, seat) == (400, ["code", "early_bird"])


def test_an_amount_is_shared_to_the_cent(database: Database) -> None:
    show = events.event(database)
    seats = [events.ticket_type(database, show, 1000) for _ in range(3)]
    code(database, show, amount_cents=100)
    quote = database.visitor().call(
        "quote", event_id=show.id, lines=[line(seat) for seat in seats], code="spring"
    )
    assert [each["discount_cents"] for each in quote["lines"]] == [33, 34, 33]


def test_the_last_use_is_the_last_and_comes_back_with_its_order(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    code(database, show, max_uses=1)
    use(database, show, seat)
    with database.refuses("code_used_up", 409):
        use(database, show, seat)
    database.move_clock(HOLD)
    paid(database, use(database, show, seat))
    with database.refuses("code_used_up", 409):
        total(database, show, seat)


def test_one_person_uses_a_code_so_often(database: Database, ana: Person) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    code(database, show, max_uses_per_person=1)
    paid(
        database,
        database.person(ana).call(
            "place_order", event_id=show.id, lines=[line(seat)], promotion_code="SPRING"
        ),
    )
    with database.refuses("code_used_by_you", 409):
        database.person(ana).call(
            "place_order", event_id=show.id, lines=[line(seat)], promotion_code="SPRING"
        )
    with database.refuses("code_used_by_you", 409):
        use(database, show, seat, email=ana.email)
    use(database, show, seat)


def test_thirty_buyers_at_once_use_a_code_as_often_as_it_may_be(crowd: Crowd) -> None:
    show = crowd.event(capacity=100)
    seat = events.ticket_type(crowd.owner, show)
    code(crowd.owner, show, max_uses=7)

    def buyer(number: int) -> Callable[[Database], Any]:
        return lambda caller: use(caller, show, seat, name=f"Gus {number}")["total_cents"]

    answers = crowd.rush(map(buyer, range(30)))
    assert sorted(answers, key=str) == [800] * 7 + ["code_used_up"] * 23


def test_a_team_makes_lists_and_ends_its_codes(
    database: Database, omar: Person, dora: Person, team: UUID, slug: str
) -> None:
    manager, door = database.person(omar), database.person(dora)
    made = manager.call("create_promotion_code", organizer=slug, facts={"code": " spring ", "percent": 20})
    assert (made["code"], made["uses"]) == ("SPRING", 0)
    with door.refuses("not_permitted", 403):
        door.call("create_promotion_code", organizer=slug, facts={"code": "MINE", "percent": 20})
    ended = manager.call("end_promotion_code", organizer=slug, code="SPRING")
    assert (made["state"], ended["state"]) == ("valid", "over")
    trail = database.rows(
        "select action, actor_id from public.audit_entries"
        " where organizer_id = %s and subject = 'promotion_code' order by id",
        [team],
    )
    assert trail == [("promotion_code.created", omar.id), ("promotion_code.ended", omar.id)]
    with door.refuses("not_permitted", 403):
        door.call("list_promotion_codes", organizer=slug)
    listed = manager.call("list_promotion_codes", organizer=slug)["codes"]
    assert [code["code"] for code in listed] == ["SPRING"]
