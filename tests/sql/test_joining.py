"""How to join an event: told to its team and to people with a confirmed seat, and to nobody else."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import holding, paid, place_as_guest
from tests.sql.test_keeping_events import faults

LINK = "https://meet.example/secret-room\nThe door opens at seven."


@pytest.fixture
def show(database: Database, omar: Person) -> Event:
    return events.event(database, organizer_id=events.organizer(database, owner=omar))


@pytest.fixture
def keeper(database: Database, omar: Person) -> Database:
    return database.person(omar)


def say(keeper: Database, show: Event, words: str | None, revision: int = 1) -> Any:
    return keeper.call("update_event", event_id=show.id, revision=revision, changes={"joining": words})


def test_a_confirmed_seat_tells_how_to_join_and_nothing_else_does(
    database: Database, keeper: Database, show: Event
) -> None:
    seat = events.ticket_type(database, show)
    assert say(keeper, show, LINK)["joining"] == LINK
    order = place_as_guest(database, show, seat)
    caller = holding(database, order)

    def told() -> Any:
        return caller.call("read_order", reference=order["reference"])["joining"]

    assert told() is None
    paid(database, order)
    assert told() == LINK
    public = database.visitor().call("read_event", slug=show.slug)
    assert "secret-room" not in json.dumps([public, database.visitor().call("list_events")])


def test_it_is_edited_like_anything_else(keeper: Database, show: Event) -> None:
    assert say(keeper, show, LINK)["revision"] == 2
    with keeper.refuses("edited_meanwhile", 409) as refusal:
        say(keeper, show, "Mine")
    assert refusal.detail["changes"] == {"joining": {"before": "", "now": LINK}}
    assert say(keeper, show, LINK, revision=2)["revision"] == 2
    assert (say(keeper, show, " ", revision=2)["joining"]) is None
    with keeper.refuses("invalid_input", 422) as refused:
        say(keeper, show, "x" * 1001, revision=3)
    assert faults(refused) == {("joining", "joining_too_long")}


def test_a_copy_is_joined_the_same_way(keeper: Database, show: Event) -> None:
    say(keeper, show, LINK)
    copy = keeper.call("copy_event", event_id=show.id)
    assert copy["joining"] == LINK
    assert keeper.call("read_team_event", event_id=uuid.UUID(copy["id"]))["event"]["joining"] == LINK


@pytest.mark.parametrize(("role", "told"), [("manager", LINK), ("finance", None), ("door", None)])
def test_of_its_team_only_who_may_change_it_is_told(
    database: Database, keeper: Database, show: Event, zoe: Person, role: str, told: str | None
) -> None:
    say(keeper, show, LINK)
    events.insert(database, "organizer_members", organizer_id=show.organizer_id, user_id=zoe.id, role=role)
    seen = database.person(zoe).call("read_team_event", event_id=show.id)["event"]
    assert seen["joining"] == told
    assert ("edit" in seen["can"]) == (role == "manager")
