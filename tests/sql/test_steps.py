"""What the buyer of an order is told happened to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import Order, holding, paid, place_as_guest


@pytest.fixture
def team(database: Database, omar: Person) -> Any:
    return events.organizer(database, owner=omar)


def history(db: Database, order: Order) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = holding(db, order).call("read_order", reference=order["reference"])[
        "history"
    ]
    return found


def steps(db: Database, order: Order) -> list[tuple[str, str | None]]:
    return [(step["what"], step["reason"]) for step in history(db, order)]


def refund(db: Database, outcome: str) -> None:
    """Let Stripe answer the one refund that is asked for."""
    (claimed,) = db.service().call("claim_refunds")
    db.service().call(
        "record_refund", payment_id=claimed["id"], lease_token=claimed["lease_token"], outcome=outcome,
        stripe_refund_id=f"re_{claimed['id']}", error=None,
    )  # fmt: skip


def asked(db: Database, team: Any) -> Order:
    show = events.event(db, organizer_id=team)
    return place_as_guest(db, show, events.ticket_type(db, show, requires_approval=True))


def test_a_request_that_was_accepted_and_paid(database: Database, omar: Person, team: Any) -> None:
    order = asked(database, team)
    database.person(omar).call("approve_order", reference=order["reference"])
    paid(database, order)
    assert steps(database, order) == [
        ("order.requested", None), ("order.pending", None), ("payment.succeeded", None),
        ("order.confirmed", None),
    ]  # fmt: skip


def test_a_request_that_was_declined(database: Database, omar: Person, team: Any) -> None:
    order = asked(database, team)
    database.person(omar).call("decline_order", reference=order["reference"], reason="Beginners only")
    assert steps(database, order)[1:] == [("order.declined", "declined_by_organizer")]


def test_seats_that_were_given_back_unpaid(database: Database, team: Any) -> None:
    show = events.event(database, organizer_id=team)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    holding(database, order).call("cancel_order", reference=order["reference"])
    assert steps(database, order) == [("order.placed", None), ("order.cancelled", "given_back")]


def test_nobody_paid_in_time(database: Database, team: Any) -> None:
    show = events.event(database, organizer_id=team)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    database.move_clock(timedelta(minutes=15))
    database.service().call("expire_holds")
    assert steps(database, order) == [("order.placed", None), ("order.expired", "hold_lapsed")]


def test_a_seat_given_up_and_its_money(database: Database, team: Any) -> None:
    show = events.event(database, organizer_id=team)
    order = paid(database, place_as_guest(database, show, events.ticket_type(database, show), 2))
    seat = order["attendees"][1]["id"]
    holding(database, order).call("cancel_order", reference=order["reference"], attendees=[seat])
    assert steps(database, order)[-1] == ("refund.requested", "cancelled_by_buyer")
    refund(database, "succeeded")
    told = history(database, order)
    money = [(step["what"], step["amount_cents"], step["seats"]) for step in told[3:]]
    assert sorted(money) == [
        ("cancellation.done", None, 1), ("refund.requested", -1000, None), ("refund.succeeded", -1000, None),
    ]  # fmt: skip


def test_a_refund_that_failed_gives_nothing_up(database: Database, team: Any) -> None:
    show = events.event(database, organizer_id=team)
    order = paid(database, place_as_guest(database, show, events.ticket_type(database, show)))
    holding(database, order).call("cancel_order", reference=order["reference"])
    refund(database, "failed")
    assert {what for what, _ in steps(database, order)[4:]} == {"refund.failed", "cancellation.failed"}


def test_the_trail_keeps_who_did_it_and_what_stripe_calls_it_to_itself(
    database: Database, omar: Person, team: Any
) -> None:
    show = events.event(database, organizer_id=team)
    order = paid(database, place_as_guest(database, show, events.ticket_type(database, show)))
    seat = order["attendees"][0]["id"]
    about = {"reference": order["reference"]}
    database.person(omar).call("change_attendee", **about, attendee_id=seat, name="Bea")
    database.person(omar).call("add_order_note", **about, body="Brings a dog.")
    told = history(database, order)
    assert [step["what"] for step in told] == ["order.placed", "payment.succeeded", "order.confirmed"]
    assert {key for step in told for key in step} == {
        "at", "what", "reason", "seats", "amount_cents", "method",
    }  # fmt: skip
