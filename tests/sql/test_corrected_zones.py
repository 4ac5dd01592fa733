"""A venue was said to be in another timezone: what is to come there stays at its time on the wall."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import paid, place_as_guest

LISBON, BRUSSELS = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Brussels")


@pytest.fixture
def hall(database: Database, team: uuid.UUID) -> uuid.UUID:
    return events.venue(database, 100, organizer_id=team)


def correct(database: Database, omar: Person, hall: uuid.UUID, **changes: Any) -> Any:
    wanted = {"timezone": "Europe/Lisbon", **changes}
    return database.person(omar).call("update_venue", venue=str(hall), revision=1, changes=wanted)


def times(database: Database, show: Event) -> tuple[str, datetime, datetime]:
    (row,) = database.rows("select timezone, starts_at, ends_at from public.events where id = %s", [show.id])
    zone, start, end = row
    return zone, *(each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in (start, end))


def on_the_wall(show: Event, zone: str = "Europe/Lisbon") -> tuple[str, datetime, datetime]:
    start, end = (each.astimezone(BRUSSELS).replace(tzinfo=None) for each in (show.starts_at, show.ends_at))
    return zone, start, end


def mails(database: Database) -> list[dict[str, Any]]:
    claimed = database.service().call("claim_deliveries")
    return [each["data"] for each in claimed if each["kind"] == "event_changed"]


def test_what_is_to_come_keeps_its_time_on_the_wall(
    database: Database, omar: Person, team: uuid.UUID, hall: uuid.UUID
) -> None:
    at_hall: dict[str, Any] = {"venue_id": hall}
    own = events.event(database, organizer_id=team, **at_hall)
    others = events.event(database, starts_in=timedelta(days=9), **at_hall)
    draft = events.event(database, status="draft", starts_in=timedelta(days=8), **at_hall)
    running = events.event(database, starts_in=timedelta(hours=-1), **at_hall)
    elsewhere = events.event(database)
    correct(database, omar, hall)
    for show in (own, others, draft):
        assert times(database, show) == on_the_wall(show)
    for show in (running, elsewhere):
        assert times(database, show) == on_the_wall(show, "Europe/Brussels")


def test_buyers_hear_once_of_zone_and_address(database: Database, omar: Person, hall: uuid.UUID) -> None:
    show = events.event(database, venue_id=hall)
    paid(database, place_as_guest(database, show, events.ticket_type(database, show)))
    correct(database, omar, hall, address="Rua Nova 2")
    (told,) = mails(database)
    before, now = told["before"], told["order"]["event"]
    assert (before["timezone"], before["venue"]["address"]) == ("Europe/Brussels", "Rue Haute 1")
    assert (now["timezone"], now["venue"]["address"]) == ("Europe/Lisbon", "Rua Nova 2")
    assert datetime.fromisoformat(before["starts_at"]) == show.starts_at
    assert datetime.fromisoformat(now["starts_at"]) == show.starts_at + timedelta(hours=1)


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Europe/Athens"])
def test_events_that_follow_each_other_move_together(
    database: Database, omar: Person, hall: uuid.UUID, zone: str
) -> None:
    evening = [
        events.event(database, venue_id=hall, capacity=100, starts_in=timedelta(days=7, hours=2 * place))
        for place in (1, 0, 2)
    ]
    correct(database, omar, hall, timezone=zone)
    assert [times(database, show) for show in evening] == [on_the_wall(show, zone) for show in evening]


def test_an_event_that_has_begun_may_be_in_the_way(database: Database, omar: Person, hall: uuid.UUID) -> None:
    events.event(
        database, venue_id=hall, capacity=60, starts_in=-timedelta(hours=1), lasts=timedelta(hours=3)
    )
    later = events.event(database, venue_id=hall, capacity=60, starts_in=timedelta(hours=2, minutes=30))
    with database.person(omar).refuses("venue_full", 409):
        correct(database, omar, hall, timezone="Europe/Athens")
    assert times(database, later) == on_the_wall(later, "Europe/Brussels")


def test_a_meetup_that_begins_soon_is_not_judged_anew(
    database: Database, omar: Person, hall: uuid.UUID
) -> None:
    noon = database.value(
        """select ((private.now() at time zone 'Europe/Brussels')::date + time '12:00')
            at time zone 'Europe/Brussels'"""
    )
    ahead = noon + timedelta(days=3) - database.value("select private.now()")
    show = events.event(database, venue_id=hall, capacity=None, policy="meetup", starts_in=ahead)
    database.move_clock(ahead - timedelta(hours=2))
    correct(database, omar, hall)
    assert times(database, show)[0] == "Europe/Lisbon"


def test_an_edit_of_something_else_moves_nothing(
    database: Database, omar: Person, team: uuid.UUID, hall: uuid.UUID
) -> None:
    own: dict[str, Any] = {"organizer_id": team, "venue_id": hall}
    running = events.event(database, starts_in=timedelta(hours=-1), **own)
    coming = events.event(database, starts_in=timedelta(days=1), **own)
    correct(database, omar, hall)
    for show in (running, coming):
        zone, start, end = times(database, show)
        revision = database.value("select revision from public.events where id = %s", [show.id])
        form = {
            "title": "Another title", "venue_id": str(hall), "timezone": zone,
            "starts_at": start.isoformat()[:16], "ends_at": end.isoformat()[:16],
        }  # fmt: skip
        database.person(omar).call("update_event", event_id=show.id, revision=revision, changes=form)
        assert times(database, show) == (zone, start, end)


def test_a_copy_of_what_was_held_by_other_clocks_goes_by_the_right_ones(
    database: Database, omar: Person, team: uuid.UUID, hall: uuid.UUID
) -> None:
    held = events.event(database, organizer_id=team, venue_id=hall, starts_in=timedelta(hours=-1))
    correct(database, omar, hall)
    copy = database.person(omar).call("copy_event", event_id=held.id)
    _, start, _ = on_the_wall(held)
    assert copy["timezone"] == "Europe/Lisbon"
    assert datetime.fromisoformat(copy["starts_at"]).astimezone(LISBON).replace(
        tzinfo=None
    ) == start + timedelta(days=7)
