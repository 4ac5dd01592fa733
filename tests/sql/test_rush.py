"""Everyone at once: what must hold when many really ask in the same instant."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.crowd import Crowd, answer
from tests.sql.orders import Order, fail, guest, holding, line, payment, place, place_as_guest, settle, state

Attempt = Callable[[Database], Any]


def buying(event: events.Event, ticket_type: uuid.UUID, quantity: int = 1, **arguments: Any) -> Attempt:
    """A guest of their own who asks for seats; answers the order's reference."""
    buyer = arguments.pop("buyer", None) or guest()
    return lambda db: place(db.visitor(), event, ticket_type, quantity, buyer=buyer, **arguments)["reference"]


def paying(order: Order, stripe_event_id: str | None = None, **facts: Any) -> Attempt:
    """Stripe tells that an order was paid; answers the outcome."""
    return lambda db: settle(db, payment(db, order, **facts), stripe_event_id)


def giving_back(order: Order) -> Attempt:
    return lambda db: holding(db, order).call("cancel_order", reference=order["reference"])["status"]


def editing(table: str, row: uuid.UUID | str, **columns: Any) -> Attempt:
    """Someone edits a row in the dashboard; answers nothing."""
    return lambda db: events.edit(db, table, row, **columns)


def sweeping(batch: int) -> Attempt:
    return lambda db: db.service().call("expire_holds", batch=batch)["expired"]


def words(answers: list[Any]) -> Counter[str]:
    """How often each refusal came, and how often an order ("held")."""
    return Counter("held" if each.startswith("GC") else each for each in answers)


def test_the_last_seat_is_sold_once_to_fifty_who_want_it(crowd: Crowd) -> None:
    show = crowd.event(capacity=1)
    seat = events.ticket_type(crowd.owner, show, capacity=1)
    answers = crowd.rush(buying(show, seat) for _ in range(50))
    assert words(answers) == {"held": 1, "sold_out": 49}
    assert events.pool(crowd.owner, show) == events.pool(crowd.owner, show, seat) == (1, 0)


def test_a_type_and_its_event_are_sold_out_together(crowd: Crowd) -> None:
    show = crowd.event(capacity=10)
    small = events.ticket_type(crowd.owner, show, capacity=4)
    rest = events.ticket_type(crowd.owner, show)
    answers = crowd.rush([buying(show, small) for _ in range(15)] + [buying(show, rest) for _ in range(15)])
    assert words(answers) == {"held": 10, "sold_out": 20}
    assert events.pool(crowd.owner, show) == (10, 0)
    assert events.pool(crowd.owner, show, small)[0] <= 4


def test_events_at_one_venue_share_its_places_exactly(crowd: Crowd) -> None:
    hall = events.venue(crowd.owner, 7)
    shows = [crowd.event(venue_id=hall, capacity=None) for _ in range(3)]
    seats = [events.ticket_type(crowd.owner, show) for show in shows]
    answers = crowd.rush(buying(shows[n % 3], seats[n % 3]) for n in range(24))
    assert words(answers) == {"held": 7, "sold_out": 17}
    assert sum(events.pool(crowd.owner, show)[0] for show in shows) == 7


def test_two_events_cannot_reserve_the_same_room(crowd: Crowd) -> None:
    hall = events.venue(crowd.owner, 10)
    drafts = [crowd.event(venue_id=hall, capacity=6, status="draft") for _ in range(4)]

    publishing = [editing("events", draft.id, status="published") for draft in drafts]
    assert Counter(crowd.rush(publishing)) == {None: 1, "venue_full": 3}


def test_one_key_makes_one_order_however_many_send_it(crowd: Crowd) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    key, gus = uuid.uuid4().hex, guest()
    answers = crowd.rush(buying(show, seat, buyer=gus, idempotency_key=key) for _ in range(10))
    assert len(set(answers)) == 1
    assert events.pool(crowd.owner, show) == (1, 0)


def test_one_key_with_two_bodies_makes_one_order(crowd: Crowd) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    key, gus = uuid.uuid4().hex, guest()
    answers = crowd.rush(buying(show, seat, 1 + n % 2, buyer=gus, idempotency_key=key) for n in range(10))
    assert len({each for each in answers if each.startswith("GC")}) == 1
    assert words(answers) == {"held": 5, "idempotency_key_reused": 5}


@pytest.mark.parametrize("signed_in", [False, True])
def test_one_person_holds_one_order_however_often_they_click(crowd: Crowd, signed_in: bool) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    ana = crowd.owner.sign_up("Ana")
    gus = guest()
    as_ana: Attempt = lambda db: place(db.person(ana), show, seat)["reference"]  # noqa: E731
    assert words(crowd.rush([as_ana if signed_in else buying(show, seat, buyer=gus)] * 8)) == {
        "held": 1,
        "order_pending": 7,
    }


def test_the_limit_of_a_person_is_exact(crowd: Crowd) -> None:
    shows = [crowd.event() for _ in range(15)]
    seats = [events.ticket_type(crowd.owner, show) for show in shows]
    gus = guest()
    answers = crowd.rush(buying(show, seat, buyer=gus) for show, seat in zip(shows, seats, strict=True))
    assert words(answers) == {"held": 10, "too_many_orders": 5}


def test_the_limit_of_an_address_is_exact(crowd: Crowd) -> None:
    show = crowd.event(capacity=200)
    seat = events.ticket_type(crowd.owner, show)
    address = f"2001:db8::{random.randrange(1, 65535):x}:{random.randrange(1, 65535):x}"

    def buying_from_there(db: Database) -> Any:
        return place(db.visitor(x_client_address=address), show, seat, buyer=guest())["reference"]

    for _ in range(50):
        buying_from_there(crowd.owner)
    assert words(crowd.rush([buying_from_there] * 20)) == {"held": 10, "too_many_orders": 10}


def test_one_payment_told_ten_times_at_once_has_one_effect(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))
    facts = payment(crowd.owner, order)
    answers = crowd.rush(
        [lambda db: settle(db, facts)] * 5 + [lambda db: settle(db, facts, f"evt_{order['id']}")] * 5
    )
    assert Counter(answers) == {"confirmed": 1, "repeated": 9}
    assert events.pool(crowd.owner, show) == (0, 1)
    assert crowd.owner.value("select count(*) from public.deliveries where order_id = %s", [order["id"]]) == 1


def test_two_payments_at_once_confirm_once_and_refund_once(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))
    answers = crowd.rush([paying(order)] * 2)
    assert Counter(answers) == {"confirmed": 1, "paid_twice": 1}


def test_failures_at_once_are_each_counted(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))
    answers = crowd.rush([lambda db: fail(db, order)] * 6)
    assert Counter(answers) == {"counted": 2, "retry_limit": 1, "nothing_to_do": 3}


def test_given_back_and_paid_at_once_keeps_money_and_seat_together(crowd: Crowd) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    for _ in range(5):
        order = place_as_guest(crowd.owner, show, seat)
        answers = set(crowd.rush([giving_back(order), paying(order)]))
        assert answers in ({"cancelled", "refund_requested"}, {"cannot_cancel", "confirmed"})
    assert crowd.owner.service().call("check_pools") == []


def test_a_session_is_begun_once_however_often_one_clicks(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))

    def begin(db: Database) -> Any:
        return holding(db, order).call("begin_checkout", reference=order["reference"])["checkout"][
            "idempotency_key"
        ]

    assert set(crowd.rush([begin] * 8)) == {f"{order['id']}:1"}


def test_more_is_never_asked_back_at_once_than_was_paid(crowd: Crowd) -> None:
    show = crowd.event()
    order = place_as_guest(crowd.owner, show, events.ticket_type(crowd.owner, show))
    settle(crowd.owner, payment(crowd.owner, order))
    paid_with = crowd.owner.value("select id from public.payments where order_id = %s", [order["id"]])

    def ask(db: Database) -> Any:
        events.insert(
            db,
            "payments",
            order_id=order["id"],
            kind="refund",
            refunded_payment_id=paid_with,
            amount_cents=-300,
            currency="EUR",
            status="succeeded",
        )
        return "asked"

    assert Counter(crowd.rush([ask] * 6)) == {"asked": 3, "refund_exceeds_payment": 3}
    assert crowd.owner.value("select refunded_cents from public.orders where id = %s", [order["id"]]) == 900


def test_refunds_of_two_payments_at_once_are_both_summed(crowd: Crowd) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    for _ in range(5):
        order = place_as_guest(crowd.owner, show, seat)
        for _ in range(2):
            settle(crowd.owner, payment(crowd.owner, order))
        crowd.owner.rows(
            """insert into public.payments
              (order_id, kind, refunded_payment_id, amount_cents, currency, status)
            select order_id, 'refund', id, -amount_cents, currency, 'requested' from public.payments
            where order_id = %s and kind = 'payment' and not exists (
              select from public.payments as known where known.refunded_payment_id = payments.id
            )""",
            [order["id"]],
        )
        claimed = [
            each for each in crowd.owner.service().call("claim_refunds") if each["order_id"] == order["id"]
        ]
        assert len(claimed) == 2

        def record(refund: dict[str, Any]) -> Attempt:
            return lambda db: db.service().call(
                "record_refund",
                payment_id=refund["id"],
                lease_token=refund["lease_token"],
                outcome="succeeded",
                stripe_refund_id=f"re_{refund['id']}",
                error=None,
            )

        crowd.rush(map(record, claimed))
        assert (
            crowd.owner.value("select refunded_cents from public.orders where id = %s", [order["id"]]) == 2000
        )


def test_work_is_claimed_once_by_many_workers(crowd: Crowd) -> None:
    show = crowd.event(capacity=20)
    seat = events.ticket_type(crowd.owner, show, 0)
    for _ in range(12):
        order = place_as_guest(crowd.owner, show, seat)
        holding(crowd.owner, order).call("begin_checkout", reference=order["reference"])
    claims = crowd.rush([lambda db: db.service().call("claim_deliveries", batch=5)] * 6)
    ids = [each["id"] for claim in claims for each in claim]
    assert len(ids) == len(set(ids)) >= 12
    crowd.owner.rows("update public.deliveries set status = 'dead' where id = any(%s::uuid[])", [ids])


def test_an_event_taken_down_while_seats_are_bought_ends_with_one_truth(crowd: Crowd) -> None:
    for _ in range(5):
        show = crowd.event()
        seat = events.ticket_type(crowd.owner, show)
        cancel = editing("events", show.id, status="cancelled")
        _, *answers = crowd.rush([cancel, *(buying(show, seat) for _ in range(3))])
        held = words(answers)["held"]
        status = crowd.owner.value("select status from public.events where id = %s", [show.id])
        assert (status, held) in (("cancelled", 0), ("published", held))


def test_a_ticket_type_limited_while_it_sells_counts_every_seat(crowd: Crowd) -> None:
    show = crowd.event(capacity=100)
    for _ in range(5):
        seat = events.ticket_type(crowd.owner, show)
        crowd.rush([editing("ticket_types", seat, capacity=50), *(buying(show, seat) for _ in range(4))])
        assert events.pool(crowd.owner, show, seat) == (4, 0)
    assert crowd.owner.service().call("check_pools") == []


def test_two_sweeps_and_many_buyers_never_wait_in_a_circle(crowd: Crowd) -> None:
    halls = [events.venue(crowd.owner, 50) for _ in range(3)]
    shows = [crowd.event(venue_id=halls[n % 3], capacity=None) for n in range(9)]
    seats = [events.ticket_type(crowd.owner, show) for show in shows]
    for show, seat in zip(shows, seats, strict=True):
        for _ in range(4):
            place_as_guest(crowd.owner, show, seat)
    crowd.owner.rows(
        "update public.orders set expires_at = now() where event_id = any(%s) and status = 'pending'",
        [[show.id for show in shows]],
    )
    answers = crowd.rush(
        [sweeping(batch) for batch in (3, 5, 7, 11)]
        + [buying(show, seat) for show, seat in zip(shows, seats, strict=True)]
    )
    assert words([each for each in answers if isinstance(each, str)]) == {"held": 9}
    crowd.owner.service().call("expire_holds")
    assert [events.pool(crowd.owner, show) for show in shows] == [(1, 0)] * 9


def test_pools_equal_orders_after_a_storm(crowd: Crowd) -> None:
    """Twenty callers place, give back, pay, fail, lapse and sweep at random for three seconds."""
    hall = events.venue(crowd.owner, 12)
    shows = [
        crowd.event(capacity=5),
        crowd.event(capacity=8),
        *(crowd.event(venue_id=hall, capacity=None) for _ in range(2)),
    ]
    seats = {
        show: [events.ticket_type(crowd.owner, show), events.ticket_type(crowd.owner, show, capacity=4)]
        for show in shows
    }
    orders: list[Order] = []
    seen: Counter[str] = Counter()
    stop = time.monotonic() + 3

    def act(db: Database, dice: random.Random) -> str:
        show = dice.choice(shows)
        if len(orders) < 5 or dice.random() < 0.4:
            lines = [line(seat, dice.randint(1, 2)) for seat in dice.sample(seats[show], dice.randint(1, 2))]
            orders.append(db.visitor().call("place_order", event_id=show.id, lines=lines, buyer=guest()))
            return "placed"
        order = dice.choice(orders[-40:])
        deed = dice.choice(("give back", "pay", "fail", "lapse", "sweep", "begin"))
        if deed == "give back":
            holding(db, order).call("cancel_order", reference=order["reference"])
        elif deed == "pay":
            return settle(db, payment(db, order))
        elif deed == "fail":
            return fail(db, order)
        elif deed == "lapse":
            db.rows(
                "update public.orders set expires_at = now() where id = %s and status = 'pending'",
                [order["id"]],
            )
        elif deed == "sweep":
            db.service().call("expire_holds", batch=dice.randint(1, 20))
        else:
            holding(db, order).call("begin_checkout", reference=order["reference"])
        return deed

    def storm(db: Database) -> None:
        dice = random.Random(threading.get_ident())
        while time.monotonic() < stop:
            seen[answer(lambda db: act(db, dice), db)] += 1

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(storm, crowd.callers.take(20)))
    assert seen["placed"] > 10
    assert seen["confirmed"] > 0
    assert crowd.owner.service().call("check_pools") == []
    for show in shows:
        held, sold = events.pool(crowd.owner, show)
        assert 0 <= held + sold <= 12
    assert sum(sum(events.pool(crowd.owner, show)) for show in shows[2:]) <= 12
    # No money without a seat that is not on its way back.
    assert not crowd.owner.rows(
        """select orders.reference from public.orders
        where orders.event_id = any(%s) and orders.status <> 'confirmed' and orders.paid_cents > (
            select -coalesce(sum(amount_cents), 0) from public.payments
            where payments.order_id = orders.id and payments.kind = 'refund' and payments.status <> 'failed'
        )""",
        [[show.id for show in shows]],
    )
    assert all(state(crowd.owner, order)[0] for order in orders)


def test_refusals_of_the_rush_are_words_and_never_deadlocks(crowd: Crowd) -> None:
    """Someone edits an order in the dashboard while its money arrives: they share only the row."""
    show = crowd.event(capacity=50)
    seat = events.ticket_type(crowd.owner, show)
    for _ in range(5):
        order = place_as_guest(crowd.owner, show, seat)
        renaming = editing("orders", order["id"], buyer_name="Gus Junior")
        assert crowd.rush([renaming, paying(order)]) == [None, "confirmed"]


def test_connections_suffice_for_the_crowd(crowd: Crowd) -> None:
    assert int(crowd.owner.value("show max_connections")) >= 60
