"""Idempotency keys of calls that create: once per key and account, for a day, whoever comes at once."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.crowd import Crowd
from tests.sql.team import Team, found

VENUE = {
    "name": "Hall",
    "address": "Rue 1",
    "city": "Brussels",
    "country": "BE",
    "timezone": "Europe/Brussels",
    "capacity": 9,
}
CREATIONS: list[tuple[str, Any]] = [
    ("create_organizer", lambda _: {"facts": {"name": "Tandem Lyon"}}),
    ("invite_member", lambda team: {"organizer": team.slug, "email": "new@example.org", "role": "door"}),
    (
        "create_event",
        lambda team: {
            "organizer": team.slug,
            "event": {"title": "Bread", "starts_at": "2030-05-17T19:00", "capacity": 5},
        },
    ),
    ("copy_event", lambda team: {"event_id": team.show}),
    (
        "create_series",
        lambda team: {"organizer": team.slug, "event_id": team.show, "starts": ["2030-05-17T19:00"]},
    ),
    (
        "create_ticket_type",
        lambda team: {"event_id": team.draft, "ticket_type": {"name": "Balcony", "price_cents": 1200}},
    ),
    ("create_venue", lambda team: {"organizer": team.slug, "venue": VENUE}),
    (
        "create_promotion_code",
        lambda team: {"organizer": team.slug, "facts": {"code": "SPRING", "percent": "20"}},
    ),
    ("add_order_note", lambda team: {"reference": team.order, "body": "Called."}),
    ("refund_order", lambda team: {"reference": team.order, "reason": "Sorry", "amount_cents": 100}),
]


@pytest.fixture(scope="module")
def module_team(connection: psycopg.Connection) -> Any:
    with connection.transaction(force_rollback=True):
        yield found(Database(connection))


@pytest.fixture
def team(module_team: Team, database: Database) -> Team:
    return module_team


@pytest.mark.parametrize(("function", "arguments"), CREATIONS, ids=[name for name, _ in CREATIONS])
def test_a_repeated_call_gets_its_first_answer(
    database: Database, team: Team, function: str, arguments: Any
) -> None:
    owner = database.person(team.members["owner"], idempotency_key="k1")
    first = owner.call(function, **arguments(team))
    trail = database.value("select count(*) from public.audit_entries")
    assert owner.call(function, **arguments(team)) == first
    assert database.value("select count(*) from public.audit_entries") == trail


def test_a_key_is_for_one_thing(database: Database, team: Team) -> None:
    owner = database.person(team.members["owner"], idempotency_key="k1")
    owner.call("create_venue", organizer=team.slug, venue=VENUE)
    with database.refuses("idempotency_key_reused", 422):
        owner.call("create_venue", organizer=team.slug, venue=VENUE | {"name": "Other"})
    with database.refuses("idempotency_key_reused", 422):
        owner.call("add_order_note", reference=team.order, body="Called.")


def test_keys_of_others_are_others(database: Database, team: Team) -> None:
    made = {
        database.person(team.members[role], idempotency_key="k1").call(
            "create_venue", organizer=team.slug, venue=VENUE
        )["id"]
        for role in ("owner", "manager")
    }
    program = events.insert_api_key(database, team.id, "organizer:read", "events:write", "events:read")
    for _ in range(2):
        made.add(
            database.visitor(x_api_key=program, idempotency_key="k1").call(
                "create_venue", organizer=team.slug, venue=VENUE
            )["id"]
        )
    assert len(made) == 3


def test_a_refused_call_leaves_its_key_free(database: Database, team: Team) -> None:
    owner = database.person(team.members["owner"], idempotency_key="k1")
    with database.refuses("invalid_input", 422):
        owner.call("create_venue", organizer=team.slug, venue={})
    assert owner.call("create_venue", organizer=team.slug, venue=VENUE)["name"] == "Hall"


def test_a_day_later_the_key_is_free(database: Database, team: Team) -> None:
    owner = database.person(team.members["owner"], idempotency_key="k1")
    first = owner.call("create_venue", organizer=team.slug, venue=VENUE)
    database.rows(
        "update private.answered_calls set created_at = created_at - interval '25 hours' where true"
    )
    assert owner.call("create_venue", organizer=team.slug, venue=VENUE)["id"] != first["id"]


def test_without_a_key_each_call_creates(database: Database, team: Team) -> None:
    owner = database.person(team.members["owner"])
    made = [owner.call("create_venue", organizer=team.slug, venue=VENUE)["id"] for _ in range(2)]
    assert made[0] != made[1]


def test_the_same_call_many_times_at_once_creates_once(crowd: Crowd) -> None:
    omar: Person = crowd.owner.sign_up("Omar")

    def attempt(db: Database) -> str:
        made = db.person(omar, idempotency_key="k1").call("create_organizer", facts={"name": "At once"})
        return str(made["id"])

    assert len(set(crowd.rush([attempt] * 6))) == 1
    assert (
        crowd.owner.value("select count(*) from public.organizer_members where user_id = %s", [omar.id]) == 1
    )
