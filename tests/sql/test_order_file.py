"""What a team sees of an order: its history, what may be done about it, and by whom."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.bank import Bank, Worker
from tests.sql.events import Event
from tests.sql.orders import Order, guest, holding, paid, payment, place, settle


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team)


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show)


@pytest.fixture
def order(database: Database, show: Event, seat: uuid.UUID) -> Order:
    """Two seats, bought by a guest."""
    return paid(database, place(database.visitor(), show, seat, 2, buyer=guest("Gus")))


def file_of(db: Database, person: Person, order: Order) -> Any:
    return db.person(person).call("read_team_order", reference=order["reference"])


def mails(db: Database, order: Order) -> list[tuple[str, str]]:
    return db.rows(
        "select kind, recipient from public.deliveries where order_id = %s order by ctid",
        [order["id"]],
    )


def test_the_history_tells_what_happened_and_who_did_it(
    database: Database, omar: Person, finn: Person, order: Order
) -> None:
    database.person(omar).call("add_order_note", reference=order["reference"], body=" Brings a dog. ")
    history = file_of(database, omar, order)["history"]
    assert {line["kind"] for line in history} == {"change", "mail", "note"}
    changes = [(line["what"], line["by"], line["name"]) for line in history if line["kind"] == "change"]
    assert set(changes) == {
        ("order.placed", "guest", "Gus"),
        ("payment.succeeded", "service", None),
        ("order.confirmed", "service", None),
    }
    (note,) = [line for line in history if line["kind"] == "note"]
    assert (note["body"], note["name"]) == ("Brings a dog.", "Omar")
    (mail,) = [line for line in history if line["kind"] == "mail"]
    assert (mail["what"], mail["status"], mail["recipient"]) == (
        "order_confirmed",
        "queued",
        order["buyer"]["email"],
    )
    seen_by_finance = [line for line in file_of(database, finn, order)["history"] if line["kind"] == "change"]
    assert {line["name"] for line in seen_by_finance} == {None}


def test_a_program_is_named_in_the_trail(
    database: Database, team: uuid.UUID, omar: Person, order: Order
) -> None:
    key = events.insert_api_key(database, team, "organizer:read", "orders:read", "orders:write")
    program = database.visitor(x_api_key=key)
    seat = order["attendees"][0]["id"]
    program.call("change_attendee", reference=order["reference"], attendee_id=seat, name="Bea")
    (change,) = [
        line
        for line in file_of(database, omar, order)["history"]
        if line.get("what") == "order.attendee_changed"
    ]
    assert (change["by"], change["name"], change["detail"]["fields"]) == ("key", "Website", ["name"])


def test_what_may_be_done_depends_on_the_order_and_the_role(
    database: Database, omar: Person, finn: Person, ana: Person, show: Event, seat: uuid.UUID, order: Order
) -> None:
    assert file_of(database, omar, order)["may"] == ["cancel", "refund", "change", "readdress", "note"]
    assert file_of(database, finn, order)["may"] == ["cancel", "refund"]
    held = place(database.person(ana), show, seat)
    assert file_of(database, omar, held)["may"] == ["release", "take_money", "change", "note"]
    assert file_of(database, finn, held)["may"] == ["take_money"]
    asking = events.ticket_type(database, show, requires_approval=True)
    waiting = place(database.visitor(), show, asking, buyer=guest())
    assert "answer" in file_of(database, omar, waiting)["may"]
    database.move_clock(timedelta(days=8))
    assert "answer" not in file_of(database, omar, waiting)["may"]


def test_a_refund_is_shown_before_it_is_made(database: Database, omar: Person, order: Order) -> None:
    seats = [each["id"] for each in order["attendees"]]
    one = database.person(omar).call(
        "prepare_refund", reference=order["reference"], attendees=[uuid.UUID(seats[1])]
    )
    assert (one["attendees"], one["refund_cents"], one["kept_cents"]) == ([seats[1]], 1000, 2000)
    both = database.person(omar).call("prepare_refund", reference=order["reference"])
    assert (both["attendees"], both["refund_cents"]) == (seats, 2000)


def test_a_refund_is_an_amount_or_seats(database: Database, omar: Person, order: Order) -> None:
    seats = [uuid.UUID(order["attendees"][0]["id"])]
    with database.refuses("amount_or_seats", 422):
        database.person(omar).call(
            "refund_order", reference=order["reference"], reason="Sorry", amount_cents=500, attendees=seats
        )


def test_of_two_who_refund_at_once_the_second_looks_again(
    database: Database, omar: Person, order: Order
) -> None:
    facts = {"reference": order["reference"], "reason": "Sorry", "amount_cents": 500, "kept_cents": 2000}
    database.person(omar).call("refund_order", **facts)
    with database.refuses("money_moved", 409) as refusal:
        database.person(omar).call("refund_order", **facts)
    assert refusal.detail == {"left_cents": 1500}


def test_seats_that_nobody_has_paid_are_given_back(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID, order: Order
) -> None:
    held = place(database.person(ana), show, seat)
    with database.refuses("reason_missing", 422):
        database.person(omar).call("release_order", reference=held["reference"], reason=" ")
    file = database.person(omar).call("release_order", reference=held["reference"], reason="A mistake")
    assert (file["order"]["status"], file["order"]["status_reason"]) == (
        "cancelled",
        "cancelled_by_organizer",
    )
    assert events.pool(database, show) == (0, 2)
    assert mails(database, held) == [("order_released", ana.email)]
    for over in (held, order):
        with database.refuses("cannot_cancel", 409):
            database.person(omar).call("release_order", reference=over["reference"], reason="Again")


def test_seats_that_are_being_paid_are_kept(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    held = place(database.visitor(), show, seat, buyer=guest())
    settle(database, payment(database, held, payment_status="unpaid"))
    with database.refuses("payment_processing", 409):
        database.person(omar).call("release_order", reference=held["reference"], reason="A mistake")


def test_only_who_may_looks_after_orders(
    database: Database, dora: Person, finn: Person, zoe: Person, order: Order
) -> None:
    reference, seat = order["reference"], order["attendees"][0]["id"]
    writing: dict[str, dict[str, Any]] = {
        "change_buyer": {"name": "X", "email": "x@example.org"},
        "change_attendee": {"attendee_id": seat},
        "repeat_mail": {"delivery_id": uuid.uuid4()},
        "add_order_note": {"body": "x"},
        "release_order": {"reason": "x"},
    }
    for function, facts in writing.items():
        with database.refuses("not_permitted", 403):
            database.person(finn).call(function, reference=reference, **facts)
    for function, facts in {**writing, "read_team_order": {}, "prepare_refund": {}}.items():
        for nobody in (
            database.person(dora),
            database.person(zoe),
            database.visitor(),
            holding(database, order),
        ):
            with database.refuses("not_found", 404):
                nobody.call(function, reference=reference, **facts)


def test_an_order_is_not_found_under_another_organizer(
    database: Database, omar: Person, order: Order
) -> None:
    other = events.organizer(database, owner=omar)
    slug = database.value("select slug from public.organizers where id = %s", [other])
    for function in ("read_team_order", "prepare_refund"):
        with database.refuses("not_found", 404):
            database.person(omar).call(function, reference=order["reference"], organizer=slug)


@pytest.mark.parametrize("how", ["event", "seats"])
def test_whoever_began_what_a_job_went_on_with_is_named(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, how: str
) -> None:
    database.rows("update public.profiles set display_name = 'Nora' where user_id = %s", [omar.id])
    bank, order = Bank(database), place(database.visitor(), show, seat, buyer=guest("Gus"))
    bank.charge(order, f"cs_{order['id']}", 1000)
    bank.bring(bank.news[0])
    if how == "event":
        database.person(omar).call("cancel_event", event_id=show.id, reason="Rain")
        database.service().call("settle_cancelled_events")
    else:
        database.person(omar).call("refund_order", reference=order["reference"], reason="Rain")
    Worker(database, bank).send()
    names = {
        line["what"]: line["name"]
        for line in file_of(database, omar, order)["history"]
        if line["kind"] == "change"
    }
    assert names == {
        "order.placed": "Gus",
        "payment.succeeded": None,
        "order.confirmed": None,
        "cancellation.refunding": "Nora",
        "refund.requested": "Nora",
        "refund.succeeded": "Nora",
        "cancellation.done": "Nora",
        "order.cancelled": "Nora",
    }


def test_what_nobody_asked_for_happens_by_itself(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    held = place(database.person(ana), show, seat)
    database.move_clock(timedelta(days=1))
    database.service().call("expire_holds")
    history = file_of(database, omar, held)["history"]
    assert [(line["by"], line["name"]) for line in history if line["what"] == "order.expired"] == [
        ("service", None)
    ]
