"""The matrix of permissions: every role, key and stranger × every action × one's own team and another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.team import ROLES, Team, found
from tests.sql.team_actions import ACTIONS, OTHERWISE, Action

LET_IN, NO_RIGHT, NOTHING_THERE, CLOSED = "let in", "not_permitted", "not_found", "closed"


def outcome(caller: Database, function: str, arguments: dict[str, Any]) -> str:
    """What comes of trying, which is then undone. A refusal for another reason than rights is let in."""
    with caller.connection.transaction(force_rollback=True):
        try:
            caller.call(function, **arguments)
        except psycopg.errors.InsufficientPrivilege:
            return CLOSED
        except psycopg.Error as error:
            if not (error.sqlstate or "").startswith("PT"):
                raise
            word = error.diag.message_primary or ""
            return word if word in (NO_RIGHT, NOTHING_THERE) else LET_IN
    return LET_IN


@pytest.fixture(scope="module")
def teams(connection: psycopg.Connection) -> Iterator[tuple[Team, Team]]:
    """Two teams; every attempt on them is undone."""
    with connection.transaction(force_rollback=True):
        yield found(Database(connection)), found(Database(connection))


@pytest.fixture
def team(teams: tuple[Team, Team], database: Database) -> Team:
    return teams[0]


@pytest.fixture
def other(teams: tuple[Team, Team]) -> Team:
    return teams[1]


@pytest.fixture
def rights(database: Database) -> dict[str, set[str]]:
    """The permissions table: what each role may."""
    may: dict[str, set[str]] = {role: set() for role in ROLES}
    for role, permission in database.rows("select role::text, permission from public.role_permissions"):
        may[role].add(permission)
    return may


every_action = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.function)


@every_action
def test_a_role_does_what_its_row_of_the_table_says(
    database: Database, team: Team, other: Team, rights: dict[str, set[str]], action: Action
) -> None:
    for role in ROLES:
        seen = NO_RIGHT if action.sight in rights[role] else NOTHING_THERE
        expected = LET_IN if action.permissions <= rights[role] else seen
        member = database.person(team.members[role])
        assert outcome(member, action.function, action.arguments(team)) == expected, role
        assert outcome(member, action.function, action.arguments(other)) == NOTHING_THERE, f"foreign {role}"


@every_action
def test_ids_of_another_team_open_nothing_under_ones_own_name(
    database: Database, team: Team, other: Team, action: Action
) -> None:
    mixed = action.arguments(replace(other, slug=team.slug))
    if mixed != action.arguments(team):
        assert outcome(database.person(team.members["owner"]), action.function, mixed) == NOTHING_THERE


@every_action
def test_a_key_does_what_it_was_given(
    database: Database, team: Team, other: Team, rights: dict[str, set[str]], action: Action
) -> None:
    def program(*permissions: str) -> Database:
        return database.visitor(x_api_key=events.insert_api_key(database, team.id, *permissions))

    for_people_alone = not database.value(
        "select bool_or(has_function_privilege('anon', oid, 'execute')) from pg_proc where proname = %s",
        [action.function],
    )
    able = program("organizer:read", action.sight, *action.permissions)
    if for_people_alone:
        assert outcome(able, action.function, action.arguments(team)) == CLOSED
        return
    assert outcome(able, action.function, action.arguments(team)) == LET_IN
    assert outcome(able, action.function, action.arguments(other)) == NOTHING_THERE
    for missing in action.permissions - {action.sight}:
        unable = program(*rights["owner"] - {missing})
        assert outcome(unable, action.function, action.arguments(team)) != LET_IN


@every_action
def test_strangers_and_visitors_find_nothing(database: Database, team: Team, action: Action) -> None:
    zoe = database.person(database.sign_up("Zoe"))
    assert outcome(zoe, action.function, action.arguments(team)) == NOTHING_THERE
    assert outcome(database.visitor(), action.function, action.arguments(team)) in (NOTHING_THERE, CLOSED)


def test_every_action_of_a_team_is_in_the_matrix(database: Database) -> None:
    sources = dict(
        database.rows(
            "select proname, string_agg(prosrc, ' ') from pg_proc"
            " where pronamespace in ('public'::regnamespace, 'private'::regnamespace) group by proname"
        )
    )
    names = re.compile(r"\b(?:public|private)\.(\w+)\(")
    calls = {name: set(names.findall(source)) & sources.keys() for name, source in sources.items()}
    asking, seen = {"permitted_organizers"}, set[str]()
    while asking != seen:
        seen = set(asking)
        asking |= {name for name, called in calls.items() if called & asking}
    public = {
        name
        for (name,) in database.rows(
            "select proname from pg_proc where pronamespace = 'public'::regnamespace"
        )
    }
    assert asking & public == {action.function for action in ACTIONS} | OTHERWISE.keys()


def test_every_permission_of_an_action_is_somebodys(rights: dict[str, set[str]]) -> None:
    assert set.union(*(action.permissions for action in ACTIONS)) <= rights["owner"]
