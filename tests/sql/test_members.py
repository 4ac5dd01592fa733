"""Members of a team: their roles, how they go, and the owner who always stays."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.crowd import Crowd


@pytest.fixture
def team(database: Database, omar: Person, dora: Person) -> uuid.UUID:
    return events.organizer(database, owner=omar, door=dora)


@pytest.fixture
def slug(database: Database, team: uuid.UUID) -> str:
    return slug_of(database, team)


def slug_of(db: Database, team: uuid.UUID) -> str:
    return str(db.value("select slug from public.organizers where id = %s", [team]))


def roles(db: Database, team: uuid.UUID) -> dict[uuid.UUID, str]:
    return dict(
        db.rows("select user_id, role::text from public.organizer_members where organizer_id = %s", [team])
    )


def set_role(db: Database, by: Person, slug: str, whose: Person, role: str) -> Any:
    return db.person(by).call("change_member_role", organizer=slug, user_id=whose.id, role=role)


def remove(db: Database, by: Person, slug: str, whom: Person) -> Any:
    return db.person(by).call("remove_member", organizer=slug, user_id=whom.id)


def leave(db: Database, who: Person, slug: str) -> Any:
    return db.person(who).call("leave_organizer", organizer=slug)


def key_of(db: Database, team: uuid.UUID, maker: Person, *permissions: str) -> uuid.UUID:
    key = events.insert_api_key(db, team, *permissions, created_by=maker.id)
    made: uuid.UUID = db.value("select id from public.api_keys where digest = sha256(%s)", [key.encode()])
    return made


def keys(db: Database) -> dict[uuid.UUID, tuple[list[str], bool]]:
    """What each key allows, and whether it still works."""
    found = db.rows("select id, permissions, revoked_at is null from public.api_keys")
    return {key: (permissions, works) for key, permissions, works in found}


def test_a_team_sees_its_people(database: Database, omar: Person, dora: Person, slug: str) -> None:
    seen = database.person(omar).call("list_members", organizer=slug)
    assert [(one["name"], one["role"], one["me"], one["email"]) for one in seen["members"]] == [
        ("Omar", "owner", True, omar.email),
        ("Dora", "door", False, dora.email),
    ]
    with database.refuses("not_permitted", 403):
        database.person(dora).call("list_members", organizer=slug)


def test_a_role_changes_and_a_member_goes(
    database: Database, omar: Person, dora: Person, team: uuid.UUID, slug: str
) -> None:
    assert set_role(database, omar, slug, dora, "manager")["role"] == "manager"
    with database.refuses("not_permitted", 403):
        set_role(database, dora, slug, dora, "owner")
    remove(database, omar, slug, dora)
    assert roles(database, team) == {omar.id: "owner"}
    with database.refuses("not_found", 404):
        remove(database, omar, slug, dora)
    with database.refuses("not_found", 404):
        set_role(database, omar, slug, dora, "door")


def test_anyone_may_leave(database: Database, omar: Person, dora: Person, team: uuid.UUID, slug: str) -> None:
    leave(database, dora, slug)
    assert roles(database, team) == {omar.id: "owner"}
    with database.refuses("not_found", 404):
        leave(database, dora, slug)


def test_whoever_is_the_last_owner_is_said_to_stay(
    database: Database, omar: Person, dora: Person, slug: str
) -> None:
    def staying() -> set[str]:
        found = database.person(omar).call("list_members", organizer=slug)["members"]
        return {member["user_id"] for member in found if member["must_stay"]}

    assert staying() == {str(omar.id)}
    assert database.person(omar).call("read_organizer", organizer=slug)["must_stay"] is True
    assert database.person(dora).call("read_organizer", organizer=slug)["must_stay"] is False
    set_role(database, omar, slug, dora, "owner")
    assert staying() == set()


def test_the_last_owner_stays(database: Database, omar: Person, dora: Person, slug: str) -> None:
    with database.refuses("last_owner", 409):
        leave(database, omar, slug)
    with database.refuses("last_owner", 409):
        remove(database, omar, slug, omar)
    with database.refuses("last_owner", 409):
        set_role(database, omar, slug, omar, "manager")
    set_role(database, omar, slug, dora, "owner")
    leave(database, omar, slug)
    with database.refuses("last_owner", 409):
        leave(database, dora, slug)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from public.organizer_members where role = 'owner'",
        "update public.organizer_members set role = 'door' where role = 'owner'",
        "update public.organizer_members set user_id = %(other)s where role = 'owner'",
        "delete from auth.users where id = %(owner)s",
        "truncate public.organizer_members",
    ],
)
def test_nor_does_the_dashboard_take_the_last_owner_away(
    database: Database, omar: Person, zoe: Person, team: uuid.UUID, statement: str
) -> None:
    with database.refuses("last_owner", 409) as refusal:
        database.rows(statement, {"other": zoe.id, "owner": omar.id})
    assert refusal.hint


def test_a_whole_team_may_go(database: Database, team: uuid.UUID) -> None:
    database.rows("delete from public.organizers where id = %s", [team])
    assert roles(database, team) == {}


def rush_of_owners(
    crowd: Crowd, attempt: Callable[[Database, str, Person, Person], Any]
) -> tuple[list[Any], list[str]]:
    """What two owners are answered who try the same at once, and the roles that are left."""
    omar, olga = crowd.owner.sign_up("Omar"), crowd.owner.sign_up("Olga")
    team = events.organizer(crowd.owner, owner=omar)
    events.insert(crowd.owner, "organizer_members", organizer_id=team, user_id=olga.id, role="owner")
    slug = slug_of(crowd.owner, team)
    answers = crowd.rush([lambda db: attempt(db, slug, omar, olga), lambda db: attempt(db, slug, olga, omar)])
    return answers, sorted(roles(crowd.owner, team).values())


@pytest.mark.parametrize(
    "attempt",
    [
        lambda db, slug, me, _: leave(db, me, slug),
        lambda db, slug, me, other: remove(db, me, slug, other),
        lambda db, slug, me, other: set_role(db, me, slug, other, "manager"),
        lambda db, _, me, __: db.rows("delete from public.organizer_members where user_id = %s", [me.id]),
    ],
    ids=["leave", "remove", "demote", "dashboard"],
)
def test_two_owners_at_once_leave_one(
    crowd: Crowd, attempt: Callable[[Database, str, Person, Person], Any]
) -> None:
    for _ in range(5):
        answers, left = rush_of_owners(crowd, attempt)
        assert left.count("owner") == 1
        assert sum(answer in ("last_owner", "not_found", "not_permitted") for answer in answers) == 1


def test_a_key_loses_what_its_maker_loses(
    database: Database, omar: Person, dora: Person, team: uuid.UUID, slug: str
) -> None:
    set_role(database, omar, slug, dora, "owner")
    key = key_of(database, team, dora, "organizer:read", "team:write", "events:read")
    other = key_of(database, team, omar, "organizer:read", "team:write")
    set_role(database, omar, slug, dora, "door")
    assert keys(database)[key] == (["events:read", "organizer:read"], True)
    assert keys(database)[other] == (["organizer:read", "team:write"], True)
    set_role(database, omar, slug, dora, "owner")
    assert keys(database)[key] == (["events:read", "organizer:read"], True)


def test_a_key_with_nothing_left_is_revoked(
    database: Database, omar: Person, dora: Person, team: uuid.UUID, slug: str
) -> None:
    set_role(database, omar, slug, dora, "owner")
    key = key_of(database, team, dora, "team:write")
    set_role(database, omar, slug, dora, "door")
    assert keys(database)[key] == (["team:write"], False)


@pytest.mark.parametrize("way", ["remove", "leave", "erase"])
def test_keys_of_who_goes_are_revoked(
    database: Database, omar: Person, dora: Person, team: uuid.UUID, slug: str, way: str
) -> None:
    key = key_of(database, team, dora, "organizer:read")
    others = key_of(database, team, omar, "organizer:read")
    if way == "remove":
        remove(database, omar, slug, dora)
    elif way == "leave":
        leave(database, dora, slug)
    else:
        database.rows("delete from auth.users where id = %s", [dora.id])
    assert (keys(database)[key][1], keys(database)[others][1]) == (False, True)


def test_comings_and_goings_reach_the_trail(
    database: Database, omar: Person, dora: Person, team: uuid.UUID, slug: str
) -> None:
    set_role(database, omar, slug, dora, "manager")
    set_role(database, omar, slug, dora, "manager")
    database.rows("delete from public.organizer_members where user_id = %s", [dora.id])
    trail = database.rows(
        "select action, detail, actor_kind from public.audit_entries"
        " where organizer_id = %s and subject_id = %s order by id",
        [team, dora.id],
    )
    assert trail == [
        ("team.joined", {"role": "door"}, "dashboard"),
        ("team.role_changed", {"role": "manager", "from": "door"}, "person"),
        ("team.left", {"role": "manager"}, "dashboard"),
    ]
