"""The waiting list: first in line, first offered, by whatever way seats come free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.bank import Bank, Worker
from tests.sql.crowd import Crowd
from tests.sql.events import Event
from tests.sql.orders import HOLD, Order, guest, holding, line, paid, payment, place_as_guest, settle

Seat = Any


def join(db: Database, person: Person, show: Event, seat: Seat, quantity: int = 1) -> dict[str, Any]:
    entry: dict[str, Any] = db.person(person).call(
        "join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=quantity
    )
    return entry


def line_of(db: Database, show: Event) -> list[str]:
    """Where everyone in line stands, in the order in which they joined."""
    return [
        status
        for (status,) in db.rows(
            "select status::text from public.waitlist_entries where event_id = %s order by line_number",
            [show.id],
        )
    ]


def full(db: Database, seats: int = 2, price_cents: int = 1000, **columns: Any) -> tuple[Event, Seat, Order]:
    """An event without a free seat, and the order that has them all."""
    show = events.event(db, capacity=seats, **columns)
    seat = events.ticket_type(db, show, price_cents)
    return show, seat, place_as_guest(db, show, seat, seats)


def test_one_joins_only_when_fewer_seats_are_left_than_wanted(
    database: Database, ana: Person, zoe: Person
) -> None:
    show = events.event(database, capacity=3)
    seat = events.ticket_type(database, show)
    with database.refuses("seats_available", 409):
        join(database, ana, show, seat, 3)
    place_as_guest(database, show, seat)
    entry = join(database, ana, show, seat, 3)
    assert (entry["status"], entry["position"]) == ("waiting", 1)
    with database.refuses("already_in_line", 409):
        join(database, ana, show, seat, 4)
    with database.refuses("seats_available", 409):
        join(database, zoe, show, seat, 2)
    assert join(database, zoe, show, seat, 4)["position"] == 2


def test_nobody_waits_for_what_is_not_on_sale(database: Database, ana: Person) -> None:
    show, seat, _ = full(database)
    events.edit(database, "ticket_types", seat, sale_ends_at=database.value("select private.now()"))
    with database.refuses("sale_closed", 409):
        join(database, ana, show, seat)


def test_offers_are_made_in_order_and_a_larger_party_blocks_nobody(
    database: Database, ana: Person, omar: Person, dora: Person, zoe: Person
) -> None:
    show, seat, order = full(database, 2)
    for person, quantity in ((ana, 3), (omar, 1), (dora, 2), (zoe, 1)):
        join(database, person, show, seat, quantity)
    holding(database, order).call("cancel_order", reference=order["reference"])
    assert line_of(database, show) == ["waiting", "offered", "waiting", "offered"]
    assert events.pool(database, show) == (2, 0)
    assert database.person(ana).call("list_waitlist")[0]["position"] == 1


def test_seats_that_are_given_back_together_are_offered_together(
    database: Database, ana: Person, zoe: Person
) -> None:
    show, seat, order = full(database, 3)
    paid(database, order)
    join(database, ana, show, seat, 2)
    join(database, zoe, show, seat)
    given_back = [attendee["id"] for attendee in order["attendees"][:2]]
    holding(database, order).call("cancel_order", reference=order["reference"], attendees=given_back)
    Worker(database, bank_of(database, order)).send()
    assert line_of(database, show) == ["offered", "waiting"]


def let_lapse(db: Database, show: Event, seat: Seat, order: Order) -> None:
    db.move_clock(HOLD)
    db.service().call("expire_holds")


def give_back(db: Database, show: Event, seat: Seat, order: Order) -> None:
    holding(db, order).call("cancel_order", reference=order["reference"])


def cancel_one_seat(db: Database, show: Event, seat: Seat, order: Order) -> None:
    paid(db, order)
    holding(db, order).call(
        "cancel_order", reference=order["reference"], attendees=[order["attendees"][0]["id"]]
    )
    Worker(db, bank_of(db, order)).send()


def bank_of(db: Database, order: Order) -> Bank:
    """The bank that took the payment of an order."""
    bank = Bank(db)
    charge = bank.charge(order, "cs", order["total_cents"])
    bank.charges[
        db.value("select payment_intent_id from public.payments where order_id = %s", [order["id"]])
    ] = charge
    return bank


def enlarge_event(db: Database, show: Event, seat: Seat, order: Order) -> None:
    events.edit(db, "events", show.id, capacity=3)


def fail_three_times(db: Database, show: Event, seat: Seat, order: Order) -> None:
    for attempt in range(3):
        db.service().call(
            "fail_payment",
            stripe_event_id=f"evt_{order['id']}_{attempt}", event_type="payment_intent.payment_failed",
            facts={"order_id": order["id"], "payment_intent_id": "pi"},
        )  # fmt: skip


@pytest.mark.parametrize(
    "come_free", [let_lapse, give_back, cancel_one_seat, enlarge_event, fail_three_times]
)
def test_seats_that_come_free_are_offered(
    database: Database, ana: Person, come_free: Callable[[Database, Event, Seat, Order], None]
) -> None:
    show, seat, order = full(database)
    join(database, ana, show, seat)
    come_free(database, show, seat, order)
    assert line_of(database, show) == ["offered"]
    (offer,) = database.person(ana).call("list_waitlist")
    found = database.person(ana).call("read_order", reference=offer["order_reference"])
    assert (found["status"], found["hold_left_seconds"], "pay" in found["can"]) == ("pending", 7200, True)
    assert database.value("select count(*) from public.deliveries where kind = 'seats_offered'") == 1


@pytest.mark.parametrize("capacity", [3, None])
def test_a_bigger_ticket_type_is_offered(database: Database, ana: Person, capacity: int | None) -> None:
    show = events.event(database, capacity=10)
    seat = events.ticket_type(database, show, capacity=2)
    place_as_guest(database, show, seat, 2)
    join(database, ana, show, seat)
    events.edit(database, "ticket_types", seat, capacity=capacity)
    assert line_of(database, show) == ["offered"]


@pytest.mark.parametrize("change", ["bigger venue", "called off", "moved", "shrunk"])
def test_room_at_a_shared_venue_is_offered(database: Database, ana: Person, change: str) -> None:
    hall = events.venue(database, capacity=4)
    neighbour = events.event(database, capacity=3, venue_id=hall)
    show = events.event(database, capacity=None, venue_id=hall)
    seat = events.ticket_type(database, show)
    place_as_guest(database, show, seat)
    join(database, ana, show, seat)
    if change == "bigger venue":
        events.edit(database, "venues", hall, capacity=5)
    elif change == "called off":
        events.edit(database, "events", neighbour.id, status="cancelled")
    elif change == "moved":
        later = {"starts_at": neighbour.ends_at, "ends_at": neighbour.ends_at + timedelta(hours=1)}
        events.edit(database, "events", neighbour.id, **later)
    else:
        events.edit(database, "events", neighbour.id, capacity=2)
    assert line_of(database, show) == ["offered"]


def test_an_offer_that_lapses_moves_on(database: Database, ana: Person, zoe: Person) -> None:
    show, seat, order = full(database, 1)
    join(database, ana, show, seat)
    join(database, zoe, show, seat)
    give_back(database, show, seat, order)
    database.move_clock(timedelta(hours=2))
    database.service().call("expire_holds")
    assert line_of(database, show) == ["lapsed", "offered"]


def test_an_offer_that_is_declined_moves_on(database: Database, ana: Person, zoe: Person) -> None:
    show, seat, order = full(database, 1)
    entry = join(database, ana, show, seat)
    join(database, zoe, show, seat)
    give_back(database, show, seat, order)
    assert database.person(ana).call("leave_waitlist", entry_id=entry["id"])["status"] == "left"
    assert line_of(database, show) == ["left", "offered"]
    with database.refuses("not_in_line", 409):
        database.person(ana).call("leave_waitlist", entry_id=entry["id"])
    with database.refuses("not_found", 404):
        database.person(zoe).call("leave_waitlist", entry_id=entry["id"])


def test_a_paid_offer_is_converted(database: Database, ana: Person) -> None:
    show, seat, order = full(database, 1)
    join(database, ana, show, seat)
    give_back(database, show, seat, order)
    offer = database.person(ana).call("list_orders")["orders"][0]
    assert settle(database, payment(database, offer)) == "confirmed"
    assert line_of(database, show) == ["converted"]


def test_free_seats_are_theirs_at_once(database: Database, ana: Person) -> None:
    show, seat, order = full(database, 1, price_cents=0)
    join(database, ana, show, seat)
    give_back(database, show, seat, order)
    assert (line_of(database, show), events.pool(database, show)) == (["converted"], (0, 1))


@pytest.mark.parametrize(("keeps", "cents"), [(True, 700), (False, 1000)])
def test_the_price_is_that_of_the_day_one_joined_where_the_team_allows_it(
    database: Database, ana: Person, keeps: bool, cents: int
) -> None:
    show = events.event(database, capacity=1, waitlist_keeps_price=keeps)
    until = database.value("select private.now()") + timedelta(minutes=1)
    seat = events.ticket_type(database, show, early_bird_price_cents=700, early_bird_until=until)
    place_as_guest(database, show, seat)
    join(database, ana, show, seat)
    database.move_clock(HOLD)
    database.service().call("expire_holds")
    assert database.person(ana).call("list_orders")["orders"][0]["total_cents"] == cents


def test_a_newcomer_cannot_overtake_even_before_the_sweep(database: Database, ana: Person) -> None:
    show, seat, _ = full(database, 1)
    join(database, ana, show, seat)
    database.move_clock(HOLD)
    assert database.visitor().call("read_availability", event_id=show.id)["left"] == 0
    with database.refuses("sold_out", 409):
        place_as_guest(database, show, seat)
    database.service().call("expire_holds")
    assert line_of(database, show) == ["offered"]


def test_money_in_time_comes_before_the_line(database: Database, ana: Person) -> None:
    show, seat, order = full(database, 1)
    join(database, ana, show, seat)
    facts = payment(
        database, order, charged_at=(database.value("select now()") - timedelta(seconds=1)).isoformat()
    )
    database.move_clock(HOLD)
    facts["charged_at"] = (database.value("select now()") - timedelta(seconds=1)).isoformat()
    assert settle(database, facts) == "confirmed"
    assert line_of(database, show) == ["waiting"]


def test_lapsed_holds_do_not_break_an_offer(database: Database, ana: Person, zoe: Person) -> None:
    """One seat is given back while another sits in a hold that nobody has swept: both are offered."""
    show = events.event(database, capacity=2)
    seat = events.ticket_type(database, show)
    place_as_guest(database, show, seat)
    confirmed = place_as_guest(database, show, seat)
    paid(database, confirmed)
    join(database, ana, show, seat)
    join(database, zoe, show, seat)
    database.move_clock(HOLD)
    holding(database, confirmed).call("cancel_order", reference=confirmed["reference"])
    Worker(database, bank_of(database, confirmed)).send()
    assert line_of(database, show) == ["offered", "offered"]


def test_two_wishes_of_one_person_come_one_after_the_other(database: Database, ana: Person) -> None:
    show = events.event(database, capacity=2)
    stalls, balcony = events.ticket_type(database, show), events.ticket_type(database, show)
    order = place_as_guest(database, show, stalls, 2)
    join(database, ana, show, stalls)
    join(database, ana, show, balcony)
    give_back(database, show, stalls, order)
    assert line_of(database, show) == ["offered", "waiting"]
    paid(database, database.person(ana).call("list_orders")["orders"][0])
    assert line_of(database, show) == ["converted", "offered"]


def test_the_team_sees_why_a_larger_party_waits(
    database: Database, ana: Person, omar: Person, zoe: Person
) -> None:
    show, seat, order = full(database, 2, organizer_id=events.organizer(database, owner=omar))
    join(database, ana, show, seat, 3)
    give_back(database, show, seat, order)
    (entry,) = database.person(omar).call("list_event_waitlist", event_id=show.id)["entries"]
    assert (entry["quantity"], entry["seats_free"], entry["why"]) == (3, 2, "too_large")
    with database.refuses("not_found", 404):
        database.person(zoe).call("list_event_waitlist", event_id=show.id)


def test_where_the_team_says_yes_first_an_offer_asks_for_it(
    database: Database, ana: Person, omar: Person
) -> None:
    show = events.event(database, capacity=1, organizer_id=events.organizer(database, owner=omar))
    open_to_all, asked = (
        events.ticket_type(database, show),
        events.ticket_type(database, show, requires_approval=True),
    )
    order = place_as_guest(database, show, open_to_all)
    join(database, ana, show, asked)
    give_back(database, show, open_to_all, order)
    (offer,) = database.person(ana).call("list_orders")["orders"]
    assert (offer["status"], events.pool(database, show)) == ("awaiting_approval", (0, 0))
    mail = "select kind from public.deliveries where order_id = %s"
    assert database.rows(mail, [offer["id"]]) == [("order_requested",)]
    assert database.person(omar).call("approve_order", reference=offer["reference"])["status"] == "pending"


def test_a_place_in_line_is_changed_by_nobody(database: Database, ana: Person) -> None:
    show, seat, _ = full(database)
    entry = join(database, ana, show, seat)
    for column, value in (("quantity", 9), ("status", "converted")):
        with database.refuses("illegal_transition", 409):
            events.edit(database, "waitlist_entries", entry["id"], **{column: value})


def test_one_seat_is_offered_to_one_however_many_give_and_take(crowd: Crowd) -> None:
    db = crowd.owner
    show = crowd.event(capacity=3)
    seat = events.ticket_type(db, show)
    orders = [place_as_guest(db, show, seat) for _ in range(3)]
    waiting = [db.sign_up(f"W{number}") for number in range(6)]
    for person in waiting[:4]:
        join(db, person, show, seat)

    def give(order: Order) -> Callable[[Database], Any]:
        return lambda caller: holding(caller, order).call("cancel_order", reference=order["reference"])[
            "status"
        ]

    def take(number: int) -> Callable[[Database], Any]:
        return lambda caller: caller.visitor().call(
            "place_order", event_id=show.id, lines=[line(seat)], buyer=guest(f"N{number}")
        )

    def queue(person: Person) -> Callable[[Database], Any]:
        return lambda caller: join(caller, person, show, seat)["status"]

    answers = crowd.rush(
        [*map(give, orders), *(take(number) for number in range(6)), *map(queue, waiting[4:])]
    )
    assert answers[:3] == ["cancelled"] * 3
    assert set(answers[3:9]) == {"sold_out"}
    assert line_of(db, show)[:4] == ["offered"] * 3 + ["waiting"]
    assert events.pool(db, show) == (3, 0)
