"""The operator sees everything in a few views and calls what hints name; no caller of the data API is one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import paid, place, place_as_guest
from tests.sql.team import Team, found


@pytest.fixture
def team(database: Database) -> Team:
    return found(database)


def row(db: Database, view: str, column: str, value: Any) -> dict[str, Any]:
    """The one row of a view in which a column has this value."""
    rows = db.rows(f"select to_jsonb(shown) from public.{view} as shown where {column} = %s", [value])
    assert len(rows) == 1, rows
    return dict(rows[0][0])


def attention(db: Database) -> set[tuple[str, str]]:
    return set(db.rows("select what, subject from public.admin_attention"))


def test_an_event_is_seen_with_its_seats_and_money(database: Database, team: Team) -> None:
    shown = row(database, "admin_events", "id", team.show)
    assert (shown["organizer"], shown["place"], shown["sold"], shown["held"]) == ("Tandem", "online", 2, 1)
    assert (shown["paid_cents"], shown["refunded_cents"], shown["waiting"]) == (2000, 0, 0)


def test_an_order_its_payment_and_its_mail_are_found_by_the_reference(database: Database, team: Team) -> None:
    order = row(database, "admin_orders", "reference", team.order)
    assert (order["status"], order["seats"], order["paid_cents"]) == ("confirmed", 2, 2000)
    payment = row(database, "admin_payments", "reference", team.order)
    assert (payment["kind"], payment["amount_cents"], payment["buyer_email"]) == (
        "payment",
        2000,
        order["buyer_email"],
    )
    assert row(database, "admin_deliveries", "reference", team.order)["kind"] == "order_confirmed"


def test_teams_and_people_are_seen_with_each_other(database: Database, team: Team) -> None:
    owner = team.members["owner"]
    seen = row(database, "admin_organizers", "id", team.id)
    assert (seen["owners"], seen["members"], seen["events_ahead"]) == (owner.email, 4, 1)
    assert row(database, "admin_people", "user_id", owner.id)["teams"] == "Tandem (owner)"


def test_what_needs_a_person_is_listed_and_nothing_else(database: Database, team: Team) -> None:
    assert attention(database) == set()
    database.call("refund_order", reference=team.order, reason="Kindness.")
    database.rows("update public.payments set created_at = now() - interval '2 hours' where kind = 'refund'")
    assert attention(database) == {("refund_late", team.order)}
    database.rows("update public.deliveries set status = 'bounced' where order_id is not null")
    database.rows("update public.payments set status = 'failed' where kind = 'refund'")
    assert {what for what, _ in attention(database)} >= {"refund_failed", "mail_lost"}


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("refund_order", lambda team: {"reference": team.order, "reason": "Kindness."}),
        ("cancel_event", lambda team: {"event_id": team.show, "reason": "Flooded."}),
        ("approve_order", lambda team: {"reference": team.asked}),
        ("add_order_note", lambda team: {"reference": team.order, "body": "Called."}),
        (
            "change_member_role",
            lambda team: {"organizer": team.slug, "user_id": team.member, "role": "owner"},
        ),
        ("read_organizer", lambda team: {"organizer": team.slug}),
    ],
)
def test_the_operator_may_call_what_hints_name(
    database: Database, team: Team, function: str, arguments: Any
) -> None:
    assert database.call(function, **arguments(team))


def test_what_the_operator_does_is_told_as_theirs(database: Database, team: Team) -> None:
    database.call("update_organizer", organizer=team.slug, revision=1, changes={"name": "Renamed"})
    assert database.rows(
        "select actor_kind, actor_id from public.audit_entries"
        " where action = 'organizer.edited' and subject_id = %s",
        [team.id],
    ) == [("dashboard", None)]


def deliver(db: Database, status: str) -> None:
    """Let every mail have come to this."""
    db.rows("update public.deliveries set status = 'dead' where true")
    db.rows("update public.deliveries set status = %s where true", [status])


def test_a_mail_that_was_given_up_is_queued_by_hand_and_starts_afresh(database: Database, team: Team) -> None:
    events.edit(database, "deliveries", team.delivery, status="dead", attempts=28)
    events.edit(database, "deliveries", team.delivery, status="queued")
    (claimed,) = [
        mail for mail in database.service().call("claim_deliveries") if mail["id"] == str(team.delivery)
    ]
    assert (claimed["attempt"], claimed["data"]["order"]["reference"]) == (1, team.order)


@pytest.mark.parametrize("status", ["sent", "delivered", "bounced", "complained"])
def test_a_mail_that_went_out_is_not_queued_by_hand(database: Database, team: Team, status: str) -> None:
    deliver(database, status)
    with database.refuses("illegal_transition", 409) as refusal:
        events.edit(database, "deliveries", team.delivery, status="queued")
    assert "repeat_mail" in str(refusal.hint)


def test_a_link_that_is_forgotten_is_made_anew_instead(database: Database, team: Team) -> None:
    invited = {"organizer": team.slug, "email": "late@example.org", "role": "door"}
    database.person(team.members["owner"]).call("invite_member", **invited)
    mail = next(
        mail for mail in database.service().call("claim_deliveries") if mail["kind"] == "team_invitation"
    )
    database.service().call(
        "record_delivery", delivery_id=mail["id"], lease_token=mail["lease_token"], outcome="dead"
    )
    with database.refuses("illegal_transition", 409) as refusal:
        events.edit(database, "deliveries", mail["id"], status="queued")
    assert "resend_invitation" in str(refusal.hint)


@pytest.mark.parametrize(
    ("table", "column"),
    [("api_keys", "revoked_at"), ("invitations", "withdrawn_at"), ("invitations", "accepted_at")],
)
def test_what_is_over_stays_over(database: Database, team: Team, table: str, column: str) -> None:
    row = team.key if table == "api_keys" else team.invitation
    events.edit(database, table, row, **{column: database.value("select now()")})
    with database.refuses("illegal_transition", 409) as refusal:
        events.edit(database, table, row, **{column: None})
    assert refusal.hint


@pytest.mark.parametrize("role", ["authenticator", "anon", "authenticated", "service_role"])
def test_nobody_who_calls_by_the_data_api_is_the_operator(
    database: Database, postgres_url: str, role: str
) -> None:
    """The data API signs in as `authenticator`, and says whom it speaks for."""
    address = postgres_url.replace("//postgres", "//authenticator")
    with psycopg.connect(address) as connection:
        if role != "authenticator":
            connection.execute(f"set role {role}")
        for claims in ("", f'{{"role": "{role}"}}'):
            connection.execute("select set_config('request.jwt.claims', %s, false)", [claims])
            try:
                found = connection.execute(
                    "select * from private.permitted_organizers('orders:read')"
                ).fetchall()
            except psycopg.errors.InsufficientPrivilege:
                connection.rollback()
                found = []
            assert found == []


def test_the_operator_erases_a_person(database: Database, ana: Person) -> None:
    show = events.event(database)
    order = paid(database, place(database.person(ana), show, events.ticket_type(database, show)))
    database.rows("select private.erase_person(%s)", [ana.id])
    assert database.value("select count(*) from auth.users where id = %s", [ana.id]) == 0
    assert row(database, "admin_orders", "reference", order["reference"])["buyer_name"] == "Erased"


def test_a_meetups_host_is_erased_once_nothing_is_ahead(database: Database, omar: Person) -> None:
    team = events.insert(
        database, "organizers", slug=f"with-{uuid.uuid4().hex}", name="Omar Haddad", personal_of=omar.id
    )
    events.insert(database, "organizer_members", organizer_id=team, user_id=omar.id, role="owner")
    show = events.event(database, organizer_id=team)
    place_as_guest(database, show, events.ticket_type(database, show, 0))
    with database.refuses("events_ahead", 409):
        database.person(omar).call("erase_me")
    database.move_clock(timedelta(days=8))
    database.person(omar).call("erase_me")
    assert database.value("select name from public.organizers where id = %s", [team]) == "Erased"
