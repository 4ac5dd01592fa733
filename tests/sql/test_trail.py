"""The audit trail: one line per transition, with who, why and the request that did it."""

from __future__ import annotations

from typing import Any

from tests.database import Caller, Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, fail, guest, holding, payment, place, place_as_guest, settle


def trail(db: Database, subject_id: Any) -> list[tuple[str, str, Any]]:
    """(action, who, cause) of everything that happened to a row, oldest first."""
    return db.rows(  # type: ignore[return-value]
        """select action, actor_kind, detail ->> 'reason' from public.audit_entries where subject_id = %s order by id""",
        [subject_id],
    )


def test_a_sale_is_told_from_the_first_step_to_the_last(database: Database, ana: Person) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    order = place(database.person(ana, x_request_id="req-1"), show, seat)
    settle(database, payment(database, order))
    assert trail(database, order["id"]) == [
        ("order.placed", "person", None),
        ("payment.succeeded", "service", None),
        ("order.payment_paid", "service", None),
        ("order.confirmed", "service", None),
    ]
    entry = database.rows(
        """select actor_id, correlation_id, organizer_id, detail ->> 'reference' from public.audit_entries
        where subject_id = %s and action = 'order.placed'""",
        [order["id"]],
    )
    assert entry == [(ana.id, "req-1", show.organizer_id, order["reference"])]


def test_each_ending_says_why(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    given, failed, lapsed = (place_as_guest(database, show, seat) for _ in range(3))
    holding(database, given).call("cancel_order", reference=given["reference"])
    for _ in range(3):
        fail(database, failed)
    database.move_clock(HOLD)
    database.service().call("expire_holds")
    assert trail(database, given["id"])[-1] == ("order.cancelled", "guest", "given_back")
    assert trail(database, failed["id"])[1:] == [
        ("order.payment_failed", "service", None),
        ("order.cancelled", "service", "payment_retry_limit"),
    ]
    assert trail(database, lapsed["id"])[-1] == ("order.expired", "service", "hold_lapsed")


def test_late_money_is_told(database: Database) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    order = place_as_guest(database, show, seat)
    database.move_clock(HOLD)
    place_as_guest(database, show, seat)
    settle(database, payment(database, order))
    assert ("refund.requested", "service", "too_late") in trail(database, order["id"])


def test_an_edit_in_the_dashboard_is_told(database: Database) -> None:
    show = events.event(database)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    events.edit(database, "orders", order["id"], status="cancelled", status_reason="asked by phone")
    events.edit(database, "events", show.id, status="cancelled", status_reason="the speaker is ill")
    assert trail(database, order["id"])[-1] == ("order.cancelled", "dashboard", "asked by phone")
    assert trail(database, show.id)[-1] == ("event.cancelled", "dashboard", "the speaker is ill")


def test_the_trail_knows_guests_from_people(database: Database, ana: Person) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    first = place(database.visitor(x_request_id="x" * 100), show, seat, buyer=guest())
    second = place(database.person(ana), show, seat)
    assert [trail(database, order["id"])[0][1] for order in (first, second)] == ["guest", "person"]
    lengths = database.value(
        "select length(correlation_id) from public.audit_entries where subject_id = %s", [first["id"]]
    )
    assert lengths == 64


def test_an_erased_account_leaves_a_line(database: Database, ana: Person) -> None:
    database.person(ana).call("erase_me")
    assert trail(database, ana.id) == [("account.erased", "person", None)]


def test_no_client_writes_the_trail_through_the_back_door(database: Database, ana: Person) -> None:
    for role in ("anon", "authenticated", "service_role"):
        allowed = database.as_caller(Caller()).value(
            "select has_function_privilege(%s, 'private.audit(text, text, uuid, uuid, jsonb)', 'execute')", [role]
        )
        assert not allowed
