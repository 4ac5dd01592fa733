"""The same event again: copies, and series over dates and places."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.test_keeping_events import faults

NEXT = datetime.now().year + 1
BRUSSELS, HOUR = ZoneInfo("Europe/Brussels"), timedelta(hours=1)
STARTS = [f"{NEXT}-06-12T19:00", f"{NEXT}-06-19T19:00"]


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    """Online, in Brussels' time, with an early-bird price until two days before."""
    made = events.event(database, organizer_id=team, summary="Ink", capacity=30)
    events.ticket_type(
        database,
        made,
        2000,
        early_bird_price_cents=1500,
        early_bird_until=made.starts_at - timedelta(days=2),
        group_min_quantity=4,
        group_percent=10,
    )
    return made


@pytest.fixture
def keeper(database: Database, omar: Person) -> Database:
    return database.person(omar)


def repeat(keeper: Database, slug: str, show: Event, **changes: Any) -> Any:
    asked = {"starts": STARTS, "venue_ids": [], "publish": False, **changes}
    return keeper.call("create_series", organizer=slug, event_id=show.id, **asked)["events"]


def test_a_copy_comes_a_week_later_with_its_ticket_types(keeper: Database, show: Event) -> None:
    copy = keeper.call("copy_event", event_id=show.id)
    start = datetime.fromisoformat(copy["starts_at"]).astimezone(BRUSSELS)
    before = show.starts_at.astimezone(BRUSSELS)
    assert start.replace(tzinfo=None) - before.replace(tzinfo=None) == timedelta(days=7)
    assert (copy["status"], copy["summary"], copy["slug"] == show.slug) == ("draft", "Ink", False)
    (seat,) = copy["ticket_types"]
    assert (seat["price_cents"], seat["group_percent"], seat["ordered"]) == (2000, 10, False)
    until = datetime.fromisoformat(seat["early_bird_until"])
    assert timedelta(hours=47) <= start - until <= timedelta(hours=49)


def test_a_copy_of_what_is_over_comes_in_the_coming_week(
    database: Database, keeper: Database, show: Event
) -> None:
    database.move_clock(timedelta(days=100))
    copy = keeper.call("copy_event", event_id=show.id)
    ahead = datetime.fromisoformat(copy["starts_at"]) - database.value("select private.now()")
    assert timedelta(0) < ahead <= timedelta(days=7, hours=1)


def test_a_series_is_every_date_at_every_place(
    database: Database, keeper: Database, slug: str, show: Event
) -> None:
    brussels = events.venue(database, 20, city="Brussels")
    lisbon = events.venue(database, 80, city="Lisbon", timezone="Europe/Lisbon")
    made = repeat(keeper, slug, show, venue_ids=[brussels, lisbon], publish=True)
    assert [(each["venue"]["city"], each["capacity"], each["status"]) for each in made] == [
        ("Brussels", 20, "published"),
        ("Lisbon", 30, "published"),
    ] * 2
    hours = {datetime.fromisoformat(each["starts_at"]).hour for each in made}
    assert hours == {17, 18}
    prices = database.rows(
        "select distinct early_bird_price_cents from public.ticket_types where event_id = any(%s)",
        [[uuid.UUID(each["id"]) for each in made]],
    )
    assert prices == [(1500,)]


def test_deadlines_keep_their_hour_and_those_of_the_day_their_distance(
    database: Database, keeper: Database, slug: str, team: uuid.UUID
) -> None:
    noon = datetime(NEXT, 3, 10, 12, tzinfo=BRUSSELS)
    show = events.event(database, organizer_id=team, capacity=30, starts_at=noon, ends_at=noon + HOUR)
    events.ticket_type(
        database,
        show,
        early_bird_price_cents=500,
        early_bird_until=datetime(NEXT, 3, 1, 23, 59, tzinfo=BRUSSELS),
        sale_ends_at=noon - HOUR,
    )
    made = repeat(keeper, slug, show)
    deadlines = [
        datetime.fromisoformat(each["ticket_types"][0][name]).astimezone(BRUSSELS).strftime("%m-%d %H:%M")
        for each in (keeper.call("read_team_event", event_id=one["id"])["event"] for one in made)
        for name in ("early_bird_until", "sale_ends_at")
    ]
    assert deadlines == ["06-03 23:59", "06-12 18:00", "06-10 23:59", "06-19 18:00"]


def test_without_places_it_stays_where_it_is(keeper: Database, slug: str, show: Event) -> None:
    made = repeat(keeper, slug, show)
    assert [(each["online"], each["status"], each["capacity"]) for each in made] == [(True, "draft", 30)] * 2


def test_everything_wrong_is_said_at_once_and_nothing_is_made(
    database: Database, keeper: Database, slug: str, show: Event, team: uuid.UUID
) -> None:
    starts = [*STARTS, "", "2027-03-28T02:30", "2020-01-01T10:00", STARTS[0]]
    with keeper.refuses("invalid_input", 422) as refusal:
        repeat(keeper, slug, show, starts=starts, venue_ids=[uuid.uuid4()])
    assert ("venue_ids", "venue_unknown") in faults(refusal)
    with keeper.refuses("invalid_input", 422) as refusal:
        repeat(keeper, slug, show, starts=starts)
    assert faults(refusal) == {
        ("starts.2", "required"),
        ("starts.3", "time_skipped"),
        ("starts.4", "start_in_past"),
        ("starts.5", "start_repeated"),
    }
    assert [fault["instead"] for fault in refusal.detail["errors"] if "instead" in fault] == ["03:30"]
    assert database.value("select count(*) from public.events where organizer_id = %s", [team]) == 1


def test_one_instant_is_one_start_however_it_is_written(
    database: Database, keeper: Database, slug: str, show: Event
) -> None:
    starts = [f"{NEXT}-01-08T19:00", f"{NEXT}-01-08T19:00:00", f"{NEXT}-01-08T18:00Z", f"{NEXT}-01-08T18:00"]
    with keeper.refuses("invalid_input", 422) as refusal:
        repeat(keeper, slug, show, starts=starts)
    assert faults(refusal) == {("starts.1", "start_repeated"), ("starts.2", "start_repeated")}
    lisbon = events.venue(database, 80, city="Lisbon", timezone="Europe/Lisbon")
    with keeper.refuses("invalid_input", 422) as refusal:
        repeat(keeper, slug, show, starts=starts, venue_ids=[lisbon])
    assert faults(refusal) == {("starts.1", "start_repeated"), ("starts.3", "start_repeated")}


def test_a_smaller_place_sets_the_limit_of_every_type(
    database: Database, keeper: Database, slug: str, show: Event
) -> None:
    for capacity in (30, 20):
        events.ticket_type(database, show, capacity=capacity)
    (made,) = repeat(keeper, slug, show, starts=STARTS[:1], venue_ids=[events.venue(database, 20)])
    limits = database.rows(
        "select capacity from public.ticket_types where event_id = %s order by 1", [made["id"]]
    )
    assert limits == [(20,), (None,), (None,)]


@pytest.mark.parametrize("number", [0, 51])
def test_one_to_fifty_events_are_made(keeper: Database, slug: str, show: Event, number: int) -> None:
    first = datetime(NEXT, 6, 1, 19)
    starts = [f"{first + timedelta(days=day):%Y-%m-%dT%H:%M}" for day in range(number)]
    with keeper.refuses("invalid_input", 422) as refusal:
        repeat(keeper, slug, show, starts=starts)
    assert faults(refusal) == {("starts", "series_invalid")}
    if number:
        assert len(repeat(keeper, slug, show, starts=starts[:50], publish=True)) == 50


def test_one_full_venue_stops_the_whole_series(
    database: Database, keeper: Database, slug: str, show: Event, team: uuid.UUID
) -> None:
    hall = events.venue(database, 20)
    taken = repeat(keeper, slug, show, venue_ids=[hall], starts=STARTS[1:], publish=True)
    database.rows("update public.events set capacity = 10 where id = %s", [taken[0]["id"]])
    database.rows("update public.events set capacity = 15 where id = %s", [show.id])
    with keeper.refuses("venue_full", 409):
        repeat(keeper, slug, show, venue_ids=[hall], publish=True)
    assert database.value("select count(*) from public.events where organizer_id = %s", [team]) == 2


def test_only_who_may_repeats_events(
    database: Database, slug: str, show: Event, dora: Person, zoe: Person, omar: Person
) -> None:
    for person, word in ((dora, "not_permitted"), (zoe, "not_found")):
        caller = database.person(person)
        with caller.refuses(word):
            caller.call("copy_event", event_id=show.id)
        with caller.refuses(word):
            repeat(caller, slug, show)
    other = events.event(database, organizer_id=events.organizer(database, owner=omar))
    with database.person(omar).refuses("not_found", 404):
        repeat(database.person(omar), slug, other)


def test_a_meetup_is_not_repeated(database: Database, keeper: Database, team: uuid.UUID) -> None:
    start = datetime.now(ZoneInfo("Europe/Brussels")).replace(hour=18, minute=0) + timedelta(days=3)
    starts_in = start - database.value("select private.now()")
    meetup = events.event(database, organizer_id=team, policy="meetup", starts_in=starts_in, status="draft")
    with keeper.refuses("illegal_transition", 409):
        keeper.call("copy_event", event_id=meetup.id)
