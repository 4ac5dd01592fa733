"""Signing out is felt at once: the token that still travels is worth nothing."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.database import Caller, Database, Person
from tests.sql import events
from tests.sql.orders import line, paid, place

PERSONAL: list[tuple[str, dict[str, Any]]] = [
    ("read_me", {}),
    ("update_me", {"changes": {}}),
    ("set_avatar", {"path": None}),
    ("create_organizer", {"facts": {"name": "Mine"}}),
    ("list_workspaces", {}),
    ("leave_organizer", {"organizer": "mine"}),
    ("accept_invitation", {"secret": "nothing"}),
    ("export_me", {}),
    ("erase_me", {}),
    ("list_orders", {}),
    ("read_order", {"reference": "GC2026-000000"}),
    ("read_order_state", {"reference": "GC2026-000000"}),
    ("begin_checkout", {"reference": "GC2026-000000"}),
    ("cancel_order", {"reference": "GC2026-000000"}),
]
TABLES = (
    "profiles",
    "profile_languages",
    "organizer_members",
    "orders",
    "order_lines",
    "attendees",
    "payments",
    "audit_entries",
)


@pytest.fixture
def gone(database: Database, ana: Person) -> Database:
    """Ana's browser after she has signed out elsewhere; she owns a team and has paid for a seat."""
    show = events.event(database, organizer_id=events.organizer(database, owner=ana))
    paid(database, place(database.person(ana), show, events.ticket_type(database, show)))
    database.sign_out(ana)
    return database.person(ana)


@pytest.mark.parametrize(("function", "arguments"), PERSONAL)
def test_no_function_answers_a_signed_out_token(
    database: Database, gone: Database, function: str, arguments: dict[str, Any]
) -> None:
    with database.refuses("signed_out", 401):
        gone.call(function, **arguments)


@pytest.mark.parametrize("table", TABLES)
def test_no_table_answers_a_signed_out_token(database: Database, gone: Database, table: str) -> None:
    with database.refuses("signed_out", 401):
        gone.rows(
            f"select created_at from public.{table}"
            if table != "audit_entries"
            else "select at from public.audit_entries"
        )


def test_nothing_is_bought_with_a_signed_out_token(database: Database, gone: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    with database.refuses("signed_out", 401):
        gone.call("place_order", event_id=show.id, lines=[line(seat)])


def test_a_token_counts_for_the_person_of_its_session_alone(
    database: Database, ana: Person, zoe: Person
) -> None:
    forged = Person(id=ana.id, session=zoe.session, email=ana.email)
    with database.refuses("signed_out", 401):
        database.person(forged).call("read_me")


def test_a_token_without_a_session_is_worth_nothing(database: Database, ana: Person) -> None:
    bare = Caller("authenticated", {"sub": str(ana.id), "role": "authenticated"})
    with database.refuses("signed_out", 401):
        database.as_caller(bare).call("read_me")


def test_a_token_of_nobody_must_sign_in(database: Database) -> None:
    with database.refuses("sign_in_required", 401):
        database.as_caller(Caller("authenticated", {"role": "authenticated"})).call("read_me")


def test_visitors_have_no_personal_functions(database: Database) -> None:
    for function in ("read_me", "list_orders", "export_me", "erase_me"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.visitor().call(function)


def test_the_catalogue_stays_open_to_a_signed_out_token(database: Database, gone: Database) -> None:
    assert gone.call("list_languages")
    assert gone.call("list_events")["events"] is not None
