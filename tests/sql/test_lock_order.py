"""Edits that change what others are about to lock: nobody ends in a deadlock."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.crowd import Crowd
from tests.sql.orders import guest, place
from tests.waiting import eventually


@pytest.fixture
def omar(crowd: Crowd) -> Person:
    return crowd.owner.sign_up("Omar")


@pytest.fixture
def team(crowd: Crowd, omar: Person) -> uuid.UUID:
    return events.organizer(crowd.owner, owner=omar)


def rename(db: Database, omar: Person, show: events.Event) -> Any:
    revision = db.value("select revision from public.events where id = %s", [show.id])
    return db.person(omar).call("update_event", event_id=show.id, revision=revision, changes={"title": "New"})


def while_held(
    crowd: Crowd, statement: str, facts: list[Any], attempts: list[Callable[[Database], Any]]
) -> list[Any]:
    """Begin each attempt while a dashboard edit is not through, one after the other; then let it end."""
    editor, *callers = crowd.callers.take(len(attempts) + 2)[1:]
    with ThreadPoolExecutor(len(attempts)) as threads:
        with editor.connection.transaction():
            editor.connection.execute(statement.encode(), facts)
            begun = []
            for attempt, caller in zip(attempts, callers, strict=True):
                begun.append(threads.submit(told, attempt, caller))
                eventually(lambda caller=caller: is_held_up(crowd.owner, caller))  # type: ignore[misc]
        return [each.result() for each in begun]


def told(attempt: Callable[[Database], Any], caller: Database) -> Any:
    try:
        attempt(caller)
    except psycopg.Error as error:
        return error.sqlstate
    return "done"


def is_held_up(owner: Database, db: Database) -> bool:
    blocked: bool = owner.value("select pg_blocking_pids(%s) <> '{}'", [db.connection.info.backend_pid])
    return blocked


@pytest.mark.parametrize("_again", range(4))  # who comes first is chance
def test_a_venue_is_renamed_while_an_event_moves_in_and_is_edited(
    crowd: Crowd, omar: Person, team: uuid.UUID, _again: int
) -> None:
    hall, cellar = (events.venue(crowd.owner, organizer_id=team) for _ in range(2))
    show = events.event(crowd.owner, venue_id=cellar, organizer_id=team)

    def rename_hall(db: Database) -> Any:
        asked = {"venue": str(hall), "revision": 1, "changes": {"name": "The Great Hall"}}
        return db.person(omar).call("update_venue", **asked)

    answers = while_held(
        crowd,
        "update public.events set venue_id = %s where id = %s",
        [hall, show.id],
        [rename_hall, lambda db: rename(db, omar, show)],
    )
    assert answers[0] == "done"
    assert answers[1] in ("done", "PT409")  # moved meanwhile, says its form
    found = crowd.owner.value(
        "select search like '%%great hall%%' from public.events where id = %s", [show.id]
    )
    assert found


@pytest.mark.parametrize("_again", range(4))  # who comes first is chance
def test_seats_are_ordered_while_an_event_gives_its_own_capacity_up_and_its_venue_grows(
    crowd: Crowd, team: uuid.UUID, _again: int
) -> None:
    hall = events.venue(crowd.owner, 30, organizer_id=team)
    show = events.event(crowd.owner, venue_id=hall, capacity=5, organizer_id=team)
    seat = events.ticket_type(crowd.owner, show)
    answers = while_held(
        crowd,
        "update public.events set capacity = null where id = %s",
        [show.id],
        [
            lambda db: place(db.visitor(), show, seat, buyer=guest()),
            lambda db: events.edit(db, "venues", hall, capacity=40),
        ],
    )
    assert answers[0] in ("done", "40001")  # which the app repeats by itself
    assert answers[1] == "done"
    assert place(crowd.owner.visitor(), show, seat, buyer=guest())["status"] == "pending"
    assert crowd.owner.service().call("check_pools") == []
