"""A team's API keys: made by right, never more than their maker, shown once, ended at once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events


def make(db: Database, person: Person, slug: str, *permissions: str, name: str = "Website") -> dict[str, Any]:
    made: dict[str, Any] = db.person(person).call(
        "create_api_key", organizer=slug, name=name, permissions=list(permissions)
    )
    return made


def test_a_key_is_shown_once_and_kept_as_its_digest(database: Database, omar: Person, slug: str) -> None:
    made = make(database, omar, slug, "events:read", name="  My \n website ")
    assert (made["name"], made["permissions"], made["created_by"]) == (
        "My website",
        ["events:read", "organizer:read"],
        "Omar",
    )
    assert made["key"].startswith(made["prefix"])
    assert len(made["key"]) == 46
    (listed,) = database.person(omar).call("list_api_keys", organizer=slug)["keys"]
    assert (listed["prefix"], "key" in listed, "digest" in listed) == (made["prefix"], False, False)
    for table in ("api_keys", "audit_entries"):
        rows = database.value(f"select string_agg(row::text, ' ') from public.{table} as row")
        assert made["key"] not in rows


def test_a_key_opens_what_it_allows_until_it_is_revoked(database: Database, omar: Person, slug: str) -> None:
    made = make(database, omar, slug, "events:read")
    program = database.visitor(x_api_key=made["key"])
    assert program.call("list_team_events", organizer=slug)["events"] == []
    revoked = database.person(omar).call("revoke_api_key", organizer=slug, key_id=made["id"])
    assert revoked["revoked_at"]
    with database.refuses("api_key_unknown", 401):
        program.call("list_team_events", organizer=slug)
    with database.refuses("not_found", 404):
        database.person(omar).call("revoke_api_key", organizer=slug, key_id=made["id"])


@pytest.mark.parametrize(
    ("name", "permissions", "told"),
    [
        (" ", ["events:read"], {"name": "key_name_invalid"}),
        ("n" * 81, ["events:read"], {"name": "key_name_invalid"}),
        ("Website", [], {"permissions": "permissions_missing"}),
        ("Website", ["events:read", "everything:do"], {"permissions": "permissions_not_yours"}),
        ("", [], {"name": "key_name_invalid", "permissions": "permissions_missing"}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(
    database: Database, omar: Person, slug: str, name: str, permissions: list[str], told: dict[str, str]
) -> None:
    with database.refuses("key_refused", 422) as refusal:
        make(database, omar, slug, *permissions, name=name)
    assert {error["field"]: error["code"] for error in refusal.detail["errors"]} == told


def test_only_owners_make_and_see_keys(database: Database, dora: Person, zoe: Person, slug: str) -> None:
    for who, word in ((dora, "not_permitted"), (zoe, "not_found")):
        with database.refuses(word):
            make(database, who, slug, "events:read")
        with database.refuses(word):
            database.person(who).call("list_api_keys", organizer=slug)
        with database.refuses(word):
            database.person(who).call("revoke_api_key", organizer=slug, key_id=uuid.uuid4())


def test_a_key_of_another_team_is_not_found(database: Database, omar: Person, zoe: Person, slug: str) -> None:
    made = make(database, omar, slug, "events:read")
    other = events.organizer(database, owner=zoe)
    theirs = database.value("select slug from public.organizers where id = %s", [other])
    with database.refuses("not_found", 404):
        database.person(zoe).call("revoke_api_key", organizer=theirs, key_id=made["id"])


def test_programs_make_no_keys(database: Database, team: uuid.UUID, slug: str) -> None:
    program = database.visitor(
        x_api_key=events.insert_api_key(database, team, "organizer:read", "team:write")
    )
    with database.refuses("permission denied for function create_api_key"):
        program.call("create_api_key", organizer=slug, name="Mine", permissions=["team:write"])


def test_use_is_noted_once_a_minute(database: Database, team: uuid.UUID) -> None:
    program = database.visitor(x_api_key=events.insert_api_key(database, team, "organizer:read"))
    assert program.call("record_key_use") == {"recorded": True}
    assert program.call("record_key_use") == {"recorded": False}
    database.rows("update public.api_keys set last_used_at = now() - interval '61 seconds' where true")
    assert program.call("record_key_use") == {"recorded": True}
    assert database.visitor().call("record_key_use") == {"recorded": False}


def test_keys_and_what_they_do_reach_the_trail(database: Database, omar: Person, slug: str) -> None:
    made = make(database, omar, slug, "organizer:write")
    database.visitor(x_api_key=made["key"]).call(
        "update_organizer", organizer=slug, revision=1, changes={"name": "By key"}
    )
    database.person(omar).call("revoke_api_key", organizer=slug, key_id=made["id"])
    trail = database.rows(
        "select action, actor_kind, actor_id from public.audit_entries where actor_id = any(%s) order by id",
        [[omar.id, uuid.UUID(made["id"])]],
    )
    assert trail == [
        ("team.key_made", "person", omar.id),
        ("organizer.edited", "key", uuid.UUID(made["id"])),
        ("team.key_revoked", "person", omar.id),
    ]
