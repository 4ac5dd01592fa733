"""Where an event's picture may lie, and when it is shown nowhere any more."""

from __future__ import annotations

import uuid

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team)


def test_a_picture_lies_in_its_teams_folder_and_copies_share_it(
    database: Database, omar: Person, show: Event
) -> None:
    keeper = database.person(omar)
    path = keeper.call("prepare_event_cover", event_id=show.id)["path"]
    assert path.startswith(f"{show.organizer_id}/")
    shown = keeper.call("set_event_cover", event_id=show.id, path=path)
    assert (shown["event"]["cover_path"], shown["unused_cover_path"]) == (path, None)
    copy = keeper.call("copy_event", event_id=show.id)
    assert copy["cover_path"] == path
    assert keeper.call("set_event_cover", event_id=show.id, path=None)["unused_cover_path"] is None
    assert keeper.call("delete_event", event_id=copy["id"]) == {"unused_cover_path": path}


def test_no_other_path_is_taken(database: Database, omar: Person, show: Event) -> None:
    foreign = events.event(database)
    for path in (
        f"{foreign.organizer_id}/{uuid.uuid4().hex}",
        f"{show.organizer_id}/../{uuid.uuid4().hex}",
        f"{show.organizer_id}/{uuid.uuid4().hex}/480.webp",
        "https://elsewhere.example/a.png",
    ):
        with database.person(omar).refuses("picture_path_invalid", 422):
            database.person(omar).call("set_event_cover", event_id=show.id, path=path)


def test_only_who_may_sets_pictures(database: Database, dora: Person, zoe: Person, show: Event) -> None:
    for person, word in ((dora, "not_permitted"), (zoe, "not_found")):
        caller = database.person(person)
        with caller.refuses(word):
            caller.call("prepare_event_cover", event_id=show.id)
        with caller.refuses(word):
            caller.call("set_event_cover", event_id=show.id, path=None)
