"""A team's list of events: what is in it, in which order, and for whom."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import paid, place_as_guest

DAY = timedelta(days=1)


def titles(caller: Database, slug: str, **filters: Any) -> list[str]:
    answer = caller.call("list_team_events", organizer=slug, **filters)
    return [event["title"] for event in answer["events"]]


def test_events_stand_by_stage_and_past_ones_come_latest_first(
    database: Database, omar: Person, team: uuid.UUID, slug: str
) -> None:
    for title, status, days in (
        ("Later", "published", 9),
        ("Draft", "draft", 3),
        ("Sooner", "published", 2),
        ("Gone", "published", -2),
        ("Long gone", "published", -20),
        ("Called off", "draft", 4),
    ):
        made = events.event(database, organizer_id=team, title=title, status=status, starts_in=days * DAY)
        if title == "Called off":
            events.edit(database, "events", made.id, status="cancelled")
    caller = database.person(omar)
    assert titles(caller, slug) == ["Sooner", "Draft", "Later"]
    assert titles(caller, slug, stage="draft") == ["Draft"]
    assert titles(caller, slug, stage="upcoming") == ["Sooner", "Later"]
    assert titles(caller, slug, stage="past") == ["Called off", "Gone", "Long gone"]
    assert titles(caller, slug, q="  SOON ") == ["Sooner"]
    assert titles(caller, slug, q="%") == []


@pytest.mark.parametrize(("stage", "direction"), [("upcoming", 1), ("past", -1)])
def test_pages_follow_each_other_without_gap_or_double(
    database: Database, omar: Person, team: uuid.UUID, slug: str, stage: str, direction: int
) -> None:
    for number in range(7):
        starts_in = direction * (10 + number // 2) * DAY
        events.event(database, organizer_id=team, title=f"{number}", starts_in=starts_in)
    caller, cursor, seen = database.person(omar), None, []
    for _ in range(4):
        page = caller.call("list_team_events", organizer=slug, stage=stage, page_size=2, cursor=cursor)
        seen += [event["title"] for event in page["events"]]
        cursor = page["next"]
    assert cursor is None
    assert sorted(seen) == [f"{number}" for number in range(7)]
    assert seen[-1] == "6"


def test_seats_sold_and_left_are_told(database: Database, omar: Person, team: uuid.UUID, slug: str) -> None:
    show = events.event(database, organizer_id=team)
    seat = events.ticket_type(database, show)
    paid(database, place_as_guest(database, show, seat, 2))
    place_as_guest(database, show, seat, 3)
    (listed,) = database.person(omar).call("list_team_events", organizer=slug)["events"]
    assert (listed["capacity"], listed["sold"], listed["left"]) == (10, 2, 5)
    assert (listed["kind"], listed["online"], listed["venue"]) == ("masterclass", True, None)


def test_only_the_team_sees_its_list(
    database: Database, dora: Person, zoe: Person, team: uuid.UUID, slug: str
) -> None:
    events.event(database, organizer_id=team, status="draft", title="Draft")
    assert titles(database.person(dora), slug) == ["Draft"]
    key = events.insert_api_key(database, team, "organizer:read", "events:read")
    assert titles(database.visitor(x_api_key=key), slug) == ["Draft"]
    for stranger in (database.person(zoe), database.visitor()):
        with stranger.refuses("not_found", 404):
            titles(stranger, slug)


def test_the_page_around_the_list_comes_with_it(
    database: Database, dora: Person, team: uuid.UUID, slug: str
) -> None:
    workspace = database.person(dora).call("list_team_events", organizer=slug)["workspace"]
    assert (workspace["organizer"]["slug"], workspace["role"]) == (slug, "door")
    assert "events:write" not in workspace["permissions"]
