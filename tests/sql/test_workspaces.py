"""Whose workspace it is, and what a membership or an API key allows there."""

from __future__ import annotations

import uuid

import pytest

from tests.database import Database, Person
from tests.sql import events


@pytest.fixture
def team(database: Database, omar: Person) -> uuid.UUID:
    return events.organizer(database, owner=omar)


def slug_of(database: Database, team: uuid.UUID) -> str:
    return str(database.value("select slug from public.organizers where id = %s", [team]))


def with_key(database: Database, team: uuid.UUID, *permissions: str) -> Database:
    """A program of the team's, with a key that allows so much."""
    return database.visitor(x_api_key=events.insert_api_key(database, team, *permissions))


def test_people_see_the_teams_they_belong_to(database: Database, omar: Person, team: uuid.UUID) -> None:
    events.organizer(database, "Atelier", door=omar)
    events.organizer(database, "Somebody else’s")
    found = database.person(omar).call("list_workspaces")
    assert [(one["name"], one["role"]) for one in found] == [("Atelier", "door"), ("Tandem", "owner")]


def test_a_key_does_what_it_allows_and_no_more(database: Database, team: uuid.UUID) -> None:
    program, slug = with_key(database, team, "organizer:read", "events:read"), slug_of(database, team)
    assert program.call("list_team_events", organizer=slug)["events"] == []
    with program.refuses("not_permitted", 403):
        program.call("create_promotion_code", organizer=slug, facts={"code": "MINE", "percent": 20})


def test_a_key_opens_no_other_team(database: Database, team: uuid.UUID) -> None:
    program = with_key(database, team, "organizer:read", "events:read")
    other = slug_of(database, events.organizer(database))
    with program.refuses("not_found", 404):
        program.call("list_team_events", organizer=other)


def test_a_revoked_key_is_worth_nothing(database: Database, team: uuid.UUID) -> None:
    program, slug = with_key(database, team, "organizer:read", "events:read"), slug_of(database, team)
    database.rows("update public.api_keys set revoked_at = now() where organizer_id = %s", [team])
    with program.refuses("api_key_unknown", 401):
        program.call("list_team_events", organizer=slug)
