"""A team's orders: found by word, event, state and day, in three orders, page by page, by right."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import HOLD, guest, paid, place


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team, title="Bread before dawn")


@pytest.fixture
def buy(database: Database, show: Event) -> Callable[..., str]:
    """Somebody holds a seat; answers the order's reference."""

    def bought(name: str, *, price: int = 1000, pays: bool = False, at: Event = show, **person: Any) -> str:
        seat = events.ticket_type(database, at, price)
        order = place(database.visitor(), at, seat, buyer=guest(name) | person)
        return str((paid(database, order) if pays else order)["reference"])

    return bought


def listed(db: Database, person: Person, team: uuid.UUID, **search: Any) -> list[str]:
    return [order["reference"] for order in page(db, person, team, **search)["orders"]]


def page(db: Database, person: Person, team: uuid.UUID, **search: Any) -> Any:
    return db.person(person).call("list_team_orders", organizer=slug_of(db, team), **search)


def slug_of(database: Database, team: uuid.UUID) -> str:
    return str(database.value("select slug from public.organizers where id = %s", [team]))


@pytest.mark.parametrize(
    ("q", "finds"),
    [
        ("brûlé", True),
        ("BRULE", True),
        ("zoé brulé", True),
        ("bru zo", True),
        ("z", True),
        ("zoe@example", True),
        ("100%", False),
        ("b_u", False),
        ("brulard", False),
        ("   ", True),
    ],
)
def test_an_order_is_found_by_words_of_its_buyer(
    database: Database, omar: Person, team: uuid.UUID, buy: Callable[..., str], q: str, finds: bool
) -> None:
    reference = buy("Zoé Brûlé", email="zoe@example.org")
    buy("Otto")
    assert (reference in listed(database, omar, team, q=q)) == finds


def test_an_order_is_found_by_its_reference(
    database: Database, omar: Person, team: uuid.UUID, buy: Callable[..., str]
) -> None:
    reference = buy("Ana")
    buy("Otto")
    for typed in (reference, reference.lower(), reference[-6:]):
        assert listed(database, omar, team, q=typed) == [reference]


def test_filters_are_kept_together(
    database: Database, omar: Person, team: uuid.UUID, buy: Callable[..., str], show: Event
) -> None:
    other = events.event(database, organizer_id=team)
    held, bought = buy("Ana"), buy("Bea", pays=True)
    elsewhere = buy("Cid", at=other)
    assert set(listed(database, omar, team)) == {held, bought, elsewhere}
    assert listed(database, omar, team, event_id=other.id) == [elsewhere]
    assert listed(database, omar, team, status="confirmed") == [bought]
    assert listed(database, omar, team, payment_status="paid") == [bought]
    assert set(listed(database, omar, team, payment_status="unpaid", event_id=show.id)) == {held}


def test_days_are_those_of_the_event_or_of_the_latest_one(
    database: Database, omar: Person, team: uuid.UUID, buy: Callable[..., str]
) -> None:
    # Between these two there is never one date.
    west, east = (
        events.event(database, organizer_id=team, timezone=zone, starts_in=timedelta(days=days))
        for zone, days in (("Pacific/Niue", 8), ("Pacific/Kiritimati", 9))
    )
    in_the_west, in_the_east = buy("Ana", at=west), buy("Bea", at=east)
    yesterday, today = (
        database.value("select (now() at time zone %s)::date", [zone])
        for zone in ("Pacific/Niue", "Pacific/Kiritimati")
    )

    def of(day: date, **more: Any) -> set[str]:
        return set(listed(database, omar, team, placed_from=day, placed_to=day, **more))

    assert (of(yesterday), of(today)) == (set(), {in_the_west, in_the_east})
    assert (of(yesterday, event_id=west.id), of(today, event_id=west.id)) == ({in_the_west}, set())
    assert (of(yesterday, event_id=east.id), of(today, event_id=east.id)) == (set(), {in_the_east})
    assert listed(database, omar, team, placed_to=yesterday) == []
    assert listed(database, omar, team, placed_from=today, placed_to=yesterday) == []


def test_an_old_event_can_stay_chosen(database: Database, omar: Person, team: uuid.UUID, show: Event) -> None:
    for day in range(100):
        events.event(database, organizer_id=team, starts_in=timedelta(days=8 + day))
    assert str(show.id) not in [event["id"] for event in page(database, omar, team)["events"]]
    chosen = page(database, omar, team, event_id=show.id)["events"]
    assert (len(chosen), chosen[-1]["id"]) == (101, str(show.id))


def test_a_lapsed_hold_is_found_as_lapsed_from_its_very_instant(
    database: Database, omar: Person, team: uuid.UUID, buy: Callable[..., str]
) -> None:
    held = buy("Ana")
    assert listed(database, omar, team, status="pending") == [held]
    database.move_clock(HOLD)
    assert listed(database, omar, team, status="pending") == []
    assert listed(database, omar, team, status="expired") == [held]
    assert page(database, omar, team)["orders"][0]["status"] == "expired"


@pytest.mark.parametrize("sort", ["newest", "oldest", "largest"])
def test_pages_hold_every_order_once(
    database: Database, omar: Person, team: uuid.UUID, buy: Callable[..., str], sort: str
) -> None:
    for number in range(7):
        buy(f"Buyer{number}", price=1000 + number % 3 * 500)  # one transaction: all are placed at one instant
    found, cursor = [], None
    for _ in range(4):
        answer = page(database, omar, team, sort=sort, page_size=2, cursor=cursor)
        found += answer["orders"]
        cursor = answer["next"]
    assert cursor is None
    assert len({order["reference"] for order in found}) == len(found) == 7
    totals = [order["total_cents"] for order in found]
    assert sort != "largest" or totals == sorted(totals, reverse=True)


def test_a_cursor_of_another_team_leads_nowhere(
    database: Database, omar: Person, zoe: Person, team: uuid.UUID, buy: Callable[..., str]
) -> None:
    for name in ("Ana", "Bea"):
        buy(name)
    cursor = page(database, omar, team, page_size=1)["next"]
    foreign = events.organizer(database, owner=zoe)
    for wrong in (cursor, "x", ""):
        with database.refuses("cursor_invalid", 422):
            page(database, zoe, foreign, cursor=wrong)


def test_what_waits_for_a_yes_is_counted_for_those_who_may_give_it(
    database: Database, omar: Person, dora: Person, team: uuid.UUID, slug: str, show: Event
) -> None:
    seat = events.ticket_type(database, show, requires_approval=True)
    place(database.visitor(), show, seat, buyer=guest())
    assert page(database, omar, team)["workspace"]["requests"] == 1
    venues = database.person(dora).call("list_team_venues", organizer=slug)
    assert venues["workspace"]["requests"] == 0


def test_orders_are_read_by_right(
    database: Database, omar: Person, dora: Person, zoe: Person, team: uuid.UUID, buy: Callable[..., str]
) -> None:
    reference = buy("Ana")
    with database.refuses("not_permitted", 403):
        page(database, dora, team)
    with database.refuses("not_found", 404):
        page(database, zoe, team)
    for permissions, may in ((("organizer:read", "orders:read"), True), (("organizer:read",), False)):
        program = database.visitor(x_api_key=events.insert_api_key(database, team, *permissions))
        if may:
            found = program.call("list_team_orders", organizer=slug_of(database, team))
            assert [order["reference"] for order in found["orders"]] == [reference]
        else:
            with program.refuses("not_permitted", 403):
                program.call("list_team_orders", organizer=slug_of(database, team))
    answer = page(database, omar, team)
    assert answer["workspace"]["role"] == "owner"
    assert [event["title"] for event in answer["events"]] == ["Bread before dawn"]
