"""Who comes: for the team by right, for the door on the day; and everyone over all events."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import guest, line, paid, place


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team)


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show)


# Names to search for have an I, L, O or U, which no reference has: "ana" may be found in GC2026-ANA123.
def seated(db: Database, show: Event, seat: uuid.UUID, *people: dict[str, Any], pays: bool = True) -> Any:
    """An order in which these people sit."""
    order = db.visitor().call(
        "place_order",
        event_id=show.id,
        lines=[line(seat, len(people), attendees=list(people))],
        buyer=guest("Gus"),
    )
    return paid(db, order) if pays else order


def coming(db: Database, person: Person, show: Event, **search: Any) -> list[str]:
    page = db.person(person).call("list_attendees", event_id=show.id, **search)
    return [each["name"] for each in page["attendees"]]


def slug_of(db: Database, team: uuid.UUID) -> str:
    return str(db.value("select slug from public.organizers where id = %s", [team]))


def test_those_in_confirmed_seats_come_by_name(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = seated(database, show, seat, {"name": "Zoé"}, {"name": "élan"}, {"name": "Éva"})
    seated(database, show, seat, {"name": "Held"}, pays=False)
    assert coming(database, omar, show) == ["élan", "Éva", "Zoé"]
    database.person(omar).call(
        "refund_order",
        reference=order["reference"],
        reason="Sick",
        attendees=[uuid.UUID(order["attendees"][0]["id"])],
    )
    page = database.person(omar).call("list_attendees", event_id=show.id)
    assert page["coming"] == 3  # until the bank has accepted the refund
    database.rows("update public.attendees set cancelled_at = now() where name = 'Zoé'")
    assert coming(database, omar, show) == ["élan", "Éva"]


def test_the_list_is_searched_and_paged(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    names = ["Ana", "Lea", "Mia", "Tom", "Zoe"]
    order = seated(database, show, seat, *({"name": name, "email": f"{name}@example.org"} for name in names))
    assert coming(database, omar, show, q="lea") == ["Lea"]
    assert coming(database, omar, show, q="LEA@example") == ["Lea"]
    assert coming(database, omar, show, q=order["reference"]) == names
    found: list[str] = []
    cursor = None
    for _ in range(3):
        page = database.person(omar).call("list_attendees", event_id=show.id, page_size=2, cursor=cursor)
        found += [each["name"] for each in page["attendees"]]
        cursor = page["next"]
    assert (found, cursor) == (names, None)
    with database.refuses("cursor_invalid", 422):
        coming(database, omar, show, cursor="nonsense")


def test_seats_are_found_by_who_bought_them(
    database: Database, omar: Person, team: uuid.UUID, show: Event, seat: uuid.UUID
) -> None:
    order = seated(database, show, seat, {"name": "Luca"}, {})
    seated(database, show, seat, {"name": "Zoe"})
    address = order["buyer"]["email"]
    found = database.person(omar).call("list_people", organizer=slug_of(database, team), q=address)["people"]
    assert {each["name"] for each in found} == {"Luca", None}
    assert {(each["email"], each["buyer_email"]) for each in found} == {(None, address)}
    found = database.person(omar).call("list_people", organizer=slug_of(database, team), q="luca")["people"]
    assert [each["name"] for each in found] == ["Luca"]


def test_on_paper_a_seat_without_a_name_stands_with_its_buyer(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    for name in ("Ana", "Zoe"):
        seated(database, show, seat, {"name": name})
    seated(database, show, seat, {"name": "Gus"}, {})
    sheet = database.person(omar).call("read_attendee_sheet", event_id=show.id)["attendees"]
    assert [each["name"] for each in sheet] == ["Ana", "Gus", None, "Zoe"]
    assert {each["buyer_email"] for each in sheet} == {None}


@pytest.mark.parametrize(
    ("now", "sees"),
    [
        ("2026-11-26T22:59:59", False),  # in Brussels it is the evening before
        ("2026-11-26T23:00:00", True),
        ("2026-11-27T21:00:00", True),
        ("2026-11-28T22:59:59", True),  # it went on past midnight
        ("2026-11-28T23:00:00", False),
    ],
)
def test_the_door_sees_who_comes_on_the_day(
    database: Database, dora: Person, team: uuid.UUID, now: str, sees: bool
) -> None:
    starts_at = datetime(2026, 11, 27, 21, tzinfo=UTC)
    show = events.event(
        database, organizer_id=team, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )
    seat = events.ticket_type(database, show)
    database.move_clock(starts_at - timedelta(days=20) - database.value("select now()"))
    seated(database, show, seat, {"name": "Ana", "email": "ana@example.org", "phone": "+32 470 12 34 56"})
    database.move_clock(datetime.fromisoformat(now).replace(tzinfo=UTC) - database.value("select now()"))
    if not sees:
        for function in ("list_attendees", "read_attendee_sheet"):
            with database.refuses("not_permitted", 403):
                database.person(dora).call(function, event_id=show.id)
        return
    for function in ("list_attendees", "read_attendee_sheet"):
        (ana,) = database.person(dora).call(function, event_id=show.id)["attendees"]
        assert (ana["name"], ana["email"], ana["phone"], ana["buyer_email"]) == ("Ana", None, None, None)
    with database.refuses("not_permitted", 403):
        database.person(dora).call("export_attendees", event_id=show.id)
    with database.refuses("not_permitted", 403):
        database.person(dora).call("list_people", organizer=slug_of(database, team))


def test_the_list_is_taken_along_by_right(
    database: Database, omar: Person, marie: Person, finn: Person, show: Event, seat: uuid.UUID
) -> None:
    seated(database, show, seat, {"name": "Ana", "email": "ana@example.org"})
    for person in (omar, finn):
        batch = database.person(person).call("export_attendees", event_id=show.id)
        assert ([each["email"] for each in batch["attendees"]], batch["next"]) == (["ana@example.org"], None)
    with database.refuses("not_permitted", 403) as refusal:
        database.person(marie).call("export_attendees", event_id=show.id)
    assert refusal.detail == {"permission": "exports:read"}
    assert coming(database, marie, show) == ["Ana"]


def test_a_long_list_is_taken_along_in_batches(database: Database, omar: Person, team: uuid.UUID) -> None:
    show = events.event(database, organizer_id=team, capacity=3000)
    seat = events.ticket_type(database, show)
    order = place(database.visitor(), show, seat, 1, buyer=guest())
    database.rows(
        """insert into public.attendees (order_id, order_line_id, event_id, ticket_type_id, position, name)
        select %(order)s, %(line)s, %(show)s, %(seat)s, n, 'Person ' || n
        from generate_series(2, 2001) as n""",
        {"order": order["id"], "line": order["lines"][0]["id"], "show": show.id, "seat": seat},
    )
    paid(database, order)
    first = database.person(omar).call("export_attendees", event_id=show.id)
    rest = database.person(omar).call("export_attendees", event_id=show.id, cursor=first["next"])
    assert (len(first["attendees"]), len(rest["attendees"]), rest["next"]) == (2000, 1, None)
    assert len({each["id"] for each in first["attendees"] + rest["attendees"]}) == 2001


def test_people_are_found_over_all_events(
    database: Database, omar: Person, team: uuid.UUID, show: Event, seat: uuid.UUID
) -> None:
    other = events.event(database, organizer_id=team)
    foreign = events.event(database)
    for at, type in (
        (show, seat),
        (other, events.ticket_type(database, other)),
        (foreign, events.ticket_type(database, foreign)),
    ):
        seated(database, at, type, {"name": "Ana Ruiz"}, {"name": "Bob"})

    def people(**search: Any) -> Any:
        return database.person(omar).call("list_people", organizer=slug_of(database, team), **search)

    found = people(q="ruiz")["people"]
    assert {each["event"]["id"] for each in found} == {str(show.id), str(other.id)}
    assert people(q="nobody")["people"] == []
    pages = [people(page_size=3)]
    pages.append(people(page_size=3, cursor=pages[0]["next"]))
    assert [len(page["people"]) for page in pages] == [3, 1]
    assert len({each["id"] for page in pages for each in page["people"]}) == 4


def test_nobody_else_sees_who_comes(
    database: Database, omar: Person, zoe: Person, team: uuid.UUID, show: Event
) -> None:
    other = slug_of(database, events.organizer(database, owner=omar))
    for function in ("list_attendees", "read_attendee_sheet", "export_attendees"):
        with database.refuses("not_found", 404):
            database.person(zoe).call(function, event_id=show.id)
        with database.refuses("not_found", 404):
            database.visitor().call(function, event_id=show.id)
        with database.refuses("not_found", 404):
            database.person(omar).call(function, event_id=show.id, organizer=other)
    with database.refuses("not_found", 404):
        database.person(zoe).call("list_people", organizer=slug_of(database, team))


def test_a_program_sees_who_comes_by_its_key(database: Database, team: uuid.UUID, show: Event) -> None:
    key = events.insert_api_key(database, team, "attendees:read")
    assert database.visitor(x_api_key=key).call("list_attendees", event_id=show.id)["coming"] == 0
    blind = events.insert_api_key(database, team, "events:read")
    with database.refuses("not_permitted", 403):
        database.visitor(x_api_key=blind).call("list_attendees", event_id=show.id)


def test_the_door_does_not_find_by_addresses_it_may_not_see(
    database: Database, omar: Person, dora: Person, show: Event, seat: uuid.UUID
) -> None:
    seated(database, show, seat, {"name": "Luca", "email": "secret.address@example.org"})
    database.move_clock(show.starts_at - database.value("select now()"))
    assert coming(database, omar, show, q="secret.addr") == ["Luca"]
    assert coming(database, dora, show, q="secret.addr") == []
    assert coming(database, dora, show, q="luca") == ["Luca"]
