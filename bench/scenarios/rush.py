"""The day of the sale: 3,000 buyers come for 1,000 seats at once, and the account must be exact."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bench.load import Loaded, at_once, in_own_process
from bench.results import Result
from bench.scenarios.paying import Sandbox, bring_all
from bench.site import Site
from bench.visits import Order, as_json, checkout
from bench.wire import Connection, message
from bench.world import id_of

BUYERS, SEATS = 3000, 1000
CONNECTIONS = 256
VANISHED = 299  # not an HTTP status: this buyer did not wait for one
PAYING = 20


def rush(site: Site) -> list[Result]:
    """Everyone orders one seat and waits for the answer."""
    event = site.world.hot_event(SEATS)
    buyers = Order(site.run, event=event)
    crowd = at_once(site.web, buyers, count=BUYERS, connections=CONNECTIONS, first=site.buyers(BUYERS))
    statuses = dict(crowd.statuses)
    exact = statuses == {201: SEATS, 409: BUYERS - SEATS} and account(site, event) == (SEATS, SEATS, 0)
    detail = {
        "statuses": statuses,
        "exact": exact,
        "all_answered_s": round(crowd.seconds, 2),
        **crowd.latency(),
    }
    return [
        Result("rush: sold out after", _sold_out(crowd), "s", at_most=6, detail=detail),
        Result("rush: exact", float(exact), "", at_least=1),
    ]


def odd_rush(site: Site) -> list[Result]:
    """The same with buyers who vanish, ask twice, give back at once, pay twice, or come too late to pay."""
    event = site.world.hot_event(SEATS)
    crowd = at_once(
        site.web, OddBuyer(site.run, event), count=BUYERS, connections=CONNECTIONS, first=site.buyers(BUYERS)
    )
    sold_out = _sold_out(crowd)
    taken, seated, drifting = account(site, event)
    sound = taken == seated <= SEATS and drifting == 0 and set(crowd.statuses) <= {200, 201, 409, VANISHED}
    orders = _orders(site, event)
    twice = _pay_twice(site, orders[:PAYING])
    late = _pay_late(site, orders[PAYING : 2 * PAYING])
    sound = sound and twice and late and account(site, event) == (PAYING, PAYING, 0)
    detail = {"statuses": dict(crowd.statuses), "paid_twice_once": twice, "late_refused": late}
    return [
        Result("rush with odd buyers: sold out after", sold_out, "s", detail=detail),
        Result("rush with odd buyers: exact", float(sound), "", at_least=1),
    ]


@dataclass(frozen=True)
class OddBuyer:
    """Of ten buyers one vanishes, one asks twice at once, one gives the seat back; the others keep theirs."""

    run: str
    event: int

    async def __call__(self, connection: Connection, number: int) -> int:
        order = Order(self.run, event=self.event)
        match number % 10:
            case 0:
                return await self._vanish(order, connection, number)
            case 1:
                return await self._ask_twice(order, connection, number)
            case 2:
                return await self._give_back(order, connection, number)
        return await order(connection, number)

    async def _vanish(self, order: Order, connection: Connection, number: int) -> int:
        asking = asyncio.create_task(order.place(connection, number))
        await asyncio.sleep(0.02)
        connection.hang_up()
        asking.cancel()
        return VANISHED

    async def _ask_twice(self, order: Order, connection: Connection, number: int) -> int:
        second = Connection(connection.port)
        key = f"{self.run}-{number}"
        one, two = await asyncio.gather(
            order.place(connection, number, key), order.place(second, number, key)
        )
        second.hang_up()
        # A refusal is not remembered: when a seat comes free between the two, the second may get it.
        if {one.status, two.status} == {201, 409}:
            return 201
        same = one.status == two.status and (one.status != 201 or _reference(one) == _reference(two))
        return one.status if same else 0

    async def _give_back(self, order: Order, connection: Connection, number: int) -> int:
        placed = await order.place(connection, number)
        if placed.status != 201:
            return placed.status
        path = f"/api/v1/orders/{_reference(placed)}/cancellation"
        secret = {"X-Order-Secret": placed.json()["secret"]}
        return (await connection.ask(message("POST", path, as_json(number, **secret), b"{}"))).status


def account(site: Site, event: int) -> tuple[int, int, int]:
    """Of one event: seats that its pool says are taken, seats of living orders, pools that drift anywhere."""
    with site.database() as connection:
        row = connection.execute(
            """select
                (select held + sold from public.pools where event_id = %(event)s and ticket_type_id is null),
                (select count(*) from public.attendees
                    inner join public.orders on orders.id = attendees.order_id
                    where orders.event_id = %(event)s and orders.status in ('pending', 'confirmed')),
                jsonb_array_length(public.check_pools())""",
            {"event": id_of("event", event)},
        ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def _sold_out(crowd: Loaded) -> float:
    """Seconds until the last seat was held."""
    return max((took for status, took in crowd.visits if status == 201), default=0.0) / 1000


def _orders(site: Site, event: int) -> list[dict[str, Any]]:
    """The orders that hold seats, with what opens them."""
    with site.database() as connection:
        rows = connection.execute(
            """select id::text, reference, private.order_secret(id) from public.orders
            where event_id = %s and status = 'pending' limit %s""",
            [id_of("event", event), 2 * PAYING],
        ).fetchall()
    return [{"id": row[0], "reference": row[1], "secret": row[2]} for row in rows]


def _pay_twice(site: Site, orders: list[dict[str, Any]]) -> bool:
    """Each order is paid, and Stripe tells of it four times at once: the money counts once."""
    sandbox = Sandbox(site)
    sandbox.hold_webhooks()
    answers = in_own_process(check_out_all, site.web, orders)
    events = sandbox.paid([answer["session_id"] for answer in answers])
    bring_all(site.web, site.settings.secrets.stripe_webhook, events, copies=4)
    with site.database() as connection:
        row = connection.execute(
            """select count(*) from public.orders
            where id = any(%s::uuid[]) and status = 'confirmed' and paid_cents = total_cents""",
            [[order["id"] for order in orders]],
        ).fetchone()
    return row is not None and row[0] == len(orders)


def _pay_late(site: Site, orders: list[dict[str, Any]]) -> bool:
    """Sixteen minutes later every other hold has lapsed: paying is refused, and the seats are free again."""
    with site.database() as connection:
        connection.execute("update private.clock set shift = '16 minutes' where true")
        answers = in_own_process(check_out_all, site.web, orders)
        connection.execute("select public.expire_holds(100000)")
        connection.execute("update private.clock set shift = '0' where true")
    return all(answer.get("code") == "hold_expired" for answer in answers)


def check_out_all(port: int, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ask for the checkout of each order; the bodies that come back."""

    async def one_by_one() -> list[dict[str, Any]]:
        connection = Connection(port)
        answers = [(await checkout(connection, n, order)).json() for n, order in enumerate(orders)]
        connection.hang_up()
        return answers

    return asyncio.run(one_by_one())


def _reference(answer: Any) -> str:
    return str(answer.json()["reference"])
