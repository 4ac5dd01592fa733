"""What a team is told of those who wait: for each, what keeps them from being served."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import HOLD, place, place_as_guest


@pytest.fixture
def show(database: Database, omar: Person) -> Event:
    return events.event(database, capacity=2, organizer_id=events.organizer(database, owner=omar))


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show)


def join(db: Database, person: Person, show: Event, seat: uuid.UUID, quantity: int = 1) -> None:
    db.person(person).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=quantity)


def reasons(db: Database, person: Person, show: Event) -> list[str]:
    line = db.person(person).call("list_event_waitlist", event_id=show.id)
    return [entry["why"] for entry in line["entries"]]


def test_a_full_house_keeps_everyone_waiting(
    database: Database, omar: Person, ana: Person, zoe: Person, show: Event, seat: uuid.UUID
) -> None:
    place_as_guest(database, show, seat, 2)
    join(database, ana, show, seat, 2)
    join(database, zoe, show, seat)
    assert reasons(database, omar, show) == ["full", "full"]
    database.move_clock(HOLD)
    assert reasons(database, omar, show) == ["next", "next"]
    database.service().call("expire_holds")
    assert reasons(database, omar, show) == ["offered", "full"]
    line = database.person(omar).call("list_event_waitlist", event_id=show.id)
    assert line["entries"][0]["order_reference"]
    assert line["workspace"]["role"] == "owner"


def test_a_party_that_is_too_large_waits_for_more(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    place_as_guest(database, show, seat)
    join(database, ana, show, seat, 2)
    assert reasons(database, omar, show) == ["too_large"]


def test_whoever_has_an_order_under_way_waits_for_its_end(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    place(database.person(ana), show, seat, 2)
    join(database, ana, show, seat)
    assert reasons(database, omar, show) == ["order_under_way"]


def test_what_is_over_serves_nobody(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    place_as_guest(database, show, seat, 2)
    join(database, ana, show, seat)
    ends = database.value("select private.now()") + timedelta(days=1)
    events.edit(database, "ticket_types", seat, sale_ends_at=ends)
    database.move_clock(timedelta(days=1))
    assert reasons(database, omar, show) == ["sale_ended"]
    database.move_clock(timedelta(days=8))
    assert reasons(database, omar, show) == ["event_closed"]


def test_a_line_is_not_found_under_another_organizer(
    database: Database, omar: Person, dora: Person, show: Event
) -> None:
    events.insert(database, "organizer_members", organizer_id=show.organizer_id, user_id=dora.id, role="door")
    other = events.organizer(database, owner=omar)
    slug = database.value("select slug from public.organizers where id = %s", [other])
    with database.refuses("not_found", 404):
        database.person(omar).call("list_event_waitlist", event_id=show.id, organizer=slug)
    with database.refuses("not_found", 404):
        database.person(dora).call("list_event_waitlist", event_id=show.id)
