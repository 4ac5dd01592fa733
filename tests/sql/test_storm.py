"""A storm: everything at random, after which every seat and every cent is accounted for."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.database import Database
from tests.sql import events
from tests.sql.crowd import Crowd, answer
from tests.sql.orders import Order, fail, guest, holding, line, payment, settle, state


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

    seed = random.randrange(2**32)
    sys.stdout.write(f"The dice begin with {seed}.\n")  # shown when this fails

    def storm(db: Database, number: int) -> None:
        dice = random.Random(seed + number)
        while time.monotonic() < stop:
            seen[answer(lambda db: act(db, dice), db)] += 1

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(storm, crowd.callers.take(20), range(20)))
    # What has lapsed sits in its pool until it is swept; another event may have taken its place meanwhile.
    crowd.owner.service().call("expire_holds", batch=10_000)
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
