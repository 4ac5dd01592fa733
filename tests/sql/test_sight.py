"""Who sees which rows: strangers, buyers, guests, each role of a team; the secret key sees none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import guest, holding, paid, place

PUBLIC = {"languages", "venues", "event_policies"}
CATALOGUE = {"events", "organizers", "ticket_types", "event_cards"}
OWN = {"orders", "order_lines", "attendees", "payments", "cancellations"}
PERSONAL = {"profiles", "profile_languages"}
CLOSED = {
    "pools",
    "checkouts",
    "stripe_events",
    "deliveries",
    "job_runs",
    "order_notes",
    "invitations",
    "venue_keys",
}
ADMIN = {
    "admin_attention",
    "admin_deliveries",
    "admin_events",
    "admin_orders",
    "admin_organizers",
    "admin_payments",
    "admin_people",
}
"""Views for the operator, which no client reads."""
TEAM = {"organizer_members", "audit_entries", "role_permissions"}
ONE = {
    "waitlist_entries": {"ana"},
    "promotion_codes": {"owner", "manager"},
    "api_keys": {"owner"},
    "disputes": {"owner", "manager", "finance"},
}
"""Tables with one row in this world, and who sees it."""
ALL = PUBLIC | CATALOGUE | OWN | PERSONAL | CLOSED | ADMIN | TEAM | ONE.keys()


@dataclass
class World:
    """Omar's team has an event on show, a draft, and paid orders by Ana and by a guest, on their way out.

    Ana waits in line and contests her payment; there is one promotion code, and one API key.
    """

    db: Database
    people: dict[str, Person]
    shown: events.Event
    draft: events.Event
    orders: dict[str, dict[str, Any]]

    def caller(self, who: str) -> Database:
        if who == "visitor":
            return self.db.visitor()
        if who == "guest":
            return holding(self.db, self.orders["guest"])
        return self.db.person(self.people[who])


@pytest.fixture
def world(database: Database) -> World:
    people = {name: database.sign_up(name) for name in ("owner", "manager", "finance", "door", "ana", "zoe")}
    team = events.organizer(
        database, **{role: people[role] for role in ("owner", "manager", "finance", "door")}
    )
    hall = events.venue(database)
    shown = events.event(database, organizer_id=team, venue_id=hall)
    draft = events.event(database, organizer_id=team, status="draft")
    seat = events.ticket_type(database, shown)
    events.ticket_type(database, draft)
    orders = {
        "ana": paid(database, place(database.person(people["ana"]), shown, seat)),
        "guest": paid(database, place(database.visitor(), shown, seat, buyer=guest())),
    }
    for order in orders.values():
        seats = [each["id"] for each in order["attendees"]]
        events.insert(
            database, "cancellations", order_id=order["id"], attendee_ids=seats, cause="buyer", refund_cents=0
        )
    now = database.value("select now()")
    ana = {"event_id": shown.id, "ticket_type_id": seat, "user_id": people["ana"].id}
    events.insert(database, "waitlist_entries", **ana, quantity=1, joined_at=now)
    events.insert(database, "promotion_codes", organizer_id=team, code="SPRING", percent=10)
    events.insert_api_key(database, team, "events:read")
    payment = database.value("select id from public.payments where order_id = %s", [orders["ana"]["id"]])
    database.rows(
        "insert into public.disputes values"
        " ('dp_' || %(payment)s, %(order)s, %(payment)s, 1, 'EUR', 'fraudulent', 'won', now())",
        {"payment": payment, "order": orders["ana"]["id"]},
    )
    return World(database, people, shown, draft, orders)


def rows_of(world: World, who: str, table: str) -> Any:
    """How many rows of this world someone sees, or "closed"."""
    condition = {
        "events": "organizer_id = %(team)s",
        "organizers": "id = %(team)s",
        "ticket_types": "event_id = any(%(events)s)",
        "event_cards": "id = any(%(events)s)",
        "orders": "event_id = any(%(events)s)",
        "order_lines": "order_id = any(%(orders)s)",
        "attendees": "event_id = any(%(events)s)",
        "payments": "order_id = any(%(orders)s)",
        "cancellations": "order_id = any(%(orders)s)",
        "disputes": "order_id = any(%(orders)s)",
        "waitlist_entries": "event_id = any(%(events)s)",
        "promotion_codes": "organizer_id = %(team)s",
        "api_keys": "organizer_id = %(team)s",
        "profiles": "user_id = any(%(people)s)",
        "profile_languages": "user_id = any(%(people)s)",
        "organizer_members": "organizer_id = %(team)s",
        "audit_entries": "organizer_id = %(team)s and action = 'order.placed'",
    }.get(table, "true")
    parameters = {
        "team": world.shown.organizer_id,
        "events": [world.shown.id, world.draft.id],
        "orders": [order["id"] for order in world.orders.values()],
        "people": [person.id for person in world.people.values()],
    }
    caller = world.db.service() if who == "service_role" else world.caller(who)
    try:
        return caller.value(f"select count(*) from public.{table} where {condition}", parameters)
    except psycopg.errors.InsufficientPrivilege:
        return "closed"


# How many rows each sees, of 1 event shown and 1 draft, 2 orders, 4 members, 2 entries of the trail.
SIGHT = {
    "visitor": {"events": 1, "organizers": 1, "ticket_types": 1, "event_cards": 1, "orders": 0},
    "zoe": {"events": 1, "organizers": 1, "ticket_types": 1, "event_cards": 1, "orders": 0, "profiles": 1},
    "ana": {"events": 1, "organizers": 1, "ticket_types": 1, "event_cards": 1, "orders": 1, "profiles": 1},
    "guest": {"events": 1, "organizers": 1, "ticket_types": 1, "event_cards": 1, "orders": 1},
    "door": {
        "events": 2,
        "organizers": 1,
        "ticket_types": 2,
        "event_cards": 2,
        "orders": 0,
        "profiles": 1,
        "organizer_members": 1,
    },
    "finance": {
        "events": 2,
        "organizers": 1,
        "ticket_types": 2,
        "event_cards": 2,
        "orders": 2,
        "profiles": 1,
        "organizer_members": 1,
    },
    "manager": {
        "events": 2,
        "organizers": 1,
        "ticket_types": 2,
        "event_cards": 2,
        "orders": 2,
        "profiles": 1,
        "organizer_members": 4,
        "audit_entries": 2,
    },
    "owner": {
        "events": 2,
        "organizers": 1,
        "ticket_types": 2,
        "event_cards": 2,
        "orders": 2,
        "profiles": 1,
        "organizer_members": 4,
        "audit_entries": 2,
    },
}


@pytest.mark.parametrize("who", SIGHT)
def test_everyone_sees_what_is_theirs_to_see(world: World, who: str) -> None:
    expected = SIGHT[who]
    anonymous = who in ("visitor", "guest")
    for table in CATALOGUE:
        assert rows_of(world, who, table) == expected[table], table
    for table in OWN:
        assert rows_of(world, who, table) == expected["orders"], table
    for table in PERSONAL:
        seen = "closed" if anonymous else expected["profiles"] * (2 if table == "profile_languages" else 1)
        assert rows_of(world, who, table) == seen, table
    for table in ("organizer_members", "audit_entries"):
        assert rows_of(world, who, table) == ("closed" if anonymous else expected.get(table, 0)), table
    for table, seers in ONE.items():
        assert rows_of(world, who, table) == ("closed" if anonymous else int(who in seers)), table
    for table in CLOSED | ADMIN:
        assert rows_of(world, who, table) == "closed", table
    for table in PUBLIC:
        assert rows_of(world, who, table) > 0, table


def test_the_secret_key_reads_no_table(world: World) -> None:
    assert {table: rows_of(world, "service_role", table) for table in ALL} == dict.fromkeys(ALL, "closed")


def test_every_table_is_looked_at_here(database: Database) -> None:
    readable = database.rows(
        """select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p', 'f')"""
    )
    assert {name for (name,) in readable} == ALL


@pytest.mark.parametrize("who", ["visitor", "guest", "ana", "owner", "service_role"])
def test_no_client_writes_any_table(world: World, who: str) -> None:
    caller = world.db.service() if who == "service_role" else world.caller(who)
    for table in ALL - ADMIN - {"event_cards"}:
        column = world.db.value(
            """select attname from pg_attribute
            where attrelid = %s::regclass and attnum > 0 and attidentity = '' limit 1""",
            [f"public.{table}"],
        )
        for statement in (
            f"insert into public.{table} default values",
            f"update public.{table} set {column} = {column} where true",
            f"delete from public.{table} where true",
            f"truncate public.{table} cascade",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                caller.rows(statement)


@pytest.mark.parametrize("who", ["visitor", "guest", "ana", "owner", "service_role"])
def test_nobody_reads_what_is_private(world: World, who: str) -> None:
    caller = world.db.service() if who == "service_role" else world.caller(who)
    for (table,) in world.db.rows(
        "select relname from pg_class where relnamespace = 'private'::regnamespace and relkind = 'r'"
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            caller.rows(f"select * from private.{table}")


def test_a_draft_is_read_by_its_team_alone(world: World) -> None:
    for insider in ("owner", "manager", "finance", "door"):
        assert world.caller(insider).call("read_event", slug=world.draft.slug)["status"] == "draft"
    for outsider in ("visitor", "guest", "ana", "zoe"):
        for read in ({"slug": world.draft.slug}, {"slug": str(world.draft.id)}):
            with world.db.refuses("not_found", 404):
                world.caller(outsider).call("read_event", **read)
        with world.db.refuses("not_found", 404):
            world.caller(outsider).call("read_availability", event_id=world.draft.id)


def test_drafts_are_on_nobodys_list(world: World) -> None:
    for who in ("visitor", "owner"):
        listed = world.caller(who).call("list_events", page_size=100)["events"]
        assert world.draft.slug not in [event["slug"] for event in listed]


def test_a_team_without_anything_on_show_is_not_seen(database: Database, omar: Person, zoe: Person) -> None:
    team = events.organizer(database, owner=omar)
    events.event(database, organizer_id=team, status="draft")
    find = "select count(*) from public.organizers where id = %s"
    assert database.person(omar).value(find, [team]) == 1
    assert database.person(zoe).value(find, [team]) == database.visitor().value(find, [team]) == 0


def test_money_is_shown_without_stripes_names_for_it(world: World) -> None:
    buyer = world.caller("ana")
    assert buyer.value("select amount_cents from public.payments") == 1000
    for column in (
        "payment_intent_id",
        "charge_id",
        "session_id",
        "stripe_refund_id",
        "last_error",
        "lease_token",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            buyer.rows(f"select {column} from public.payments")


def test_nobody_sees_whose_own_organizer_one_is(world: World) -> None:
    for caller in (world.caller("ana"), world.caller("visitor")):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            caller.rows("select personal_of from public.organizers")


def test_only_ones_own_private_channel_opens(database: Database, ana: Person, zoe: Person) -> None:
    def opens(caller: Database, topic: str) -> bool:
        caller.rows("select set_config('realtime.topic', %s, false)", [topic])
        return bool(caller.value("select count(*) from realtime.messages where topic = %s", [topic]))

    database.rows(
        "select realtime.send('{}'::jsonb, 'order', 'user:' || id, true) from unnest(%s::uuid[]) as id",
        [[ana.id, zoe.id]],
    )
    assert opens(database.person(ana), f"user:{ana.id}")
    assert not opens(database.person(ana), f"user:{zoe.id}")
    assert not opens(database.visitor(), f"user:{ana.id}")
