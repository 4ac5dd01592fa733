"""Whatever is killed, wherever: one round of the worker brings money and seats to their right end.

Each flow that touches Stripe runs once to its end, to see which calls it makes. Then it is run again for each
of them and killed there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from signal import SIGKILL
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.crash.conftest import Process
from tests.crash.proxy import Fall
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, signed_in
from tests.sql.events import organizer


@dataclass
class World:
    """What every flow acts in."""

    app: APIFlask
    stack: Stack
    database: Database
    sandbox: Sandbox
    process: Process

    def work(self) -> None:
        """As `flask work --once`, some time later: what a dead process had leased is free again."""
        for table in ("payments", "checkouts", "deliveries"):
            self.database.rows(f"update public.{table} set lease_until = now() where lease_until > now()")
        self.database.rows("update public.payments set next_attempt_at = now() where next_attempt_at > now()")
        # Mails have tests of their own, and go out at five a second.
        self.database.rows("update public.deliveries set status = 'dead' where status = 'queued'")
        assert self.process.run("services.jobs:run_once") == 0

    def agrees(self, order: dict[str, Any]) -> None:
        """Our books are Stripe's, and the pools are the orders'."""
        asked = sorted(refund["amount"] for refund in self.sandbox.refunds_of(order))
        ours = [row for row in order["payments"] if row["kind"] == "refund" and row["status"] == "succeeded"]
        assert sorted(-row["amount_cents"] for row in ours) == asked
        assert order["refunded_cents"] == sum(asked)
        assert self.database.service().call("check_pools") == []


@pytest.fixture
def world(app: APIFlask, stack: Stack, database: Database, sandbox: Sandbox, process: Process) -> World:
    return World(app, stack, database, sandbox, process)


def falls(world: World, attempt: Callable[[Fall | None], int]) -> Iterator[Fall]:
    """Every place at which an attempt can fall; each is fallen at, once, before it is handed over."""
    assert attempt(None) == 0
    calls = world.process.calls
    assert len(calls) > 1
    # After the answer to one call is before the next: so all moments are met.
    for fall in (Fall(0, "before"), *(Fall(number, "after") for number in range(len(calls)))):
        world.sandbox.forget()
        assert attempt(fall) == SIGKILL, (calls, fall)
        yield fall


def guest(buyer: Guest) -> dict[str, Any]:
    return {"order_secret": buyer.order["secret"]}


def test_opening_a_checkout(world: World) -> None:
    gaston = Guest(world.app)

    def attempt(fall: Fall | None) -> int:
        gaston.hold(list_event(world.database))
        reference = gaston.order["reference"]
        return world.process.run(
            "services.checkouts:open_checkout", reference, fall=fall, caller=guest(gaston)
        )

    for fall in falls(world, attempt):
        session = gaston.checkout()["session_id"]
        assert len(world.sandbox.sessions_of(gaston.order)) == 1, fall
        world.sandbox.pay(session)
        world.work()
        order = gaston.read()
        assert (order["status"], order["paid_cents"]) == ("confirmed", 1500), fall
        world.agrees(order)


def test_taking_a_payment(world: World) -> None:
    gaston = Guest(world.app)

    def attempt(fall: Fall | None) -> int:
        gaston.hold(list_event(world.database))
        session = gaston.checkout()["session_id"]
        world.sandbox.pay(session)
        return world.process.run("services.payments:settle_session", session, gaston.order["id"], fall=fall)

    for fall in falls(world, attempt):
        world.work()
        order = gaston.read()
        assert (order["status"], order["paid_cents"], len(order["payments"])) == ("confirmed", 1500, 1), fall
        world.agrees(order)


def test_cancelling_a_seat(world: World) -> None:
    gaston = Guest(world.app)
    listing = list_event(world.database, seats=100)

    def attempt(fall: Fall | None) -> int:
        gaston.buy(listing, world.sandbox, 2)
        gaston.order["secret"] = gaston.client.environ_base["HTTP_X_ORDER_SECRET"]
        arguments = gaston.order["reference"], [gaston.order["attendees"][1]["id"]]
        return world.process.run("services.cancellations:cancel", *arguments, fall=fall, caller=guest(gaston))

    for fall in falls(world, attempt):
        world.work()
        if gaston.read()["refunded_cents"] == 0:  # nothing was begun: the buyer asks again
            assert (fall.call, fall.moment) == (0, "before")
            assert gaston.cancel(1).json["cancelled"] is True
        order = gaston.read()
        assert (order["status"], order["refunded_cents"]) == ("confirmed", 1500), fall
        assert [bool(seat["cancelled_at"]) for seat in order["attendees"]] == [False, True]
        world.agrees(order)


def test_giving_money_back_as_a_team(world: World) -> None:
    owner = world.database.sign_up("Omar")
    omar = signed_in(world.app, world.stack, owner)
    listing = list_event(world.database, seats=100, organizer_id=organizer(world.database, owner=owner))
    gaston = Guest(world.app)
    asked = {"reason": "Cold soup", "amount_cents": 500}

    def attempt(fall: Fall | None) -> int:
        gaston.buy(listing, world.sandbox)
        request = gaston.order["reference"], asked
        return world.process.run(
            "tests.crash.rounds:refund", *request, fall=fall, caller={"access_token": omar.token}
        )

    for fall in falls(world, attempt):
        world.work()
        if gaston.read()["refunded_cents"] == 0:  # nothing was begun: the team asks again
            assert (fall.call, fall.moment) == (0, "before")
            assert omar.post(f"/orders/{gaston.order['reference']}/refunds", asked).status_code == 200
        order = gaston.read()
        assert (order["status"], order["refunded_cents"]) == ("confirmed", 500), fall
        world.agrees(order)


def test_calling_an_event_off(world: World) -> None:
    owner = world.database.sign_up("Omar")
    team = organizer(world.database, owner=owner)
    omar = signed_in(world.app, world.stack, owner)
    paid, held = Guest(world.app), Guest(world.app)

    def attempt(fall: Fall | None) -> int:
        listing = list_event(world.database, organizer_id=team)
        paid.buy(listing, world.sandbox)
        held.hold(listing)
        held.checkout()
        assert omar.post(f"/events/{listing.id}/cancellation", {"reason": "Rain"}).status_code == 200
        return world.process.run("tests.crash.rounds:call_off", fall=fall)

    for fall in falls(world, attempt):
        world.work()
        order = paid.read()
        assert (order["status"], order["payment_status"]) == ("cancelled", "refunded"), fall
        world.agrees(order)
        assert held.read()["status"] == "cancelled"
        assert [session["status"] for session in world.sandbox.sessions_of(held.order)] == ["expired"]
        mails = "select kind from public.deliveries where order_id = %s and kind <> 'order_confirmed'"
        assert world.database.rows(mails, [order["id"]]) == [("seats_cancelled",)]


def test_money_that_comes_too_late(world: World) -> None:
    gaston = Guest(world.app)

    def attempt(fall: Fall | None) -> int:
        listing: Listing = list_event(world.database, seats=1)
        world.database.move_clock(timedelta())
        gaston.hold(listing)
        session = gaston.checkout()["session_id"]
        world.database.move_clock(timedelta(minutes=15))
        Guest(world.app).hold(listing)
        world.sandbox.pay(session)
        return world.process.run(
            "tests.crash.rounds:settle_and_give_back", session, gaston.order["id"], fall=fall
        )

    for fall in falls(world, attempt):
        world.work()
        order = gaston.read()
        assert (order["status"], order["payment_status"]) == ("expired", "refunded"), fall
        world.agrees(order)


def test_closing_a_checkout_that_is_not_wanted_any_more(world: World) -> None:
    gaston = Guest(world.app)

    def attempt(fall: Fall | None) -> int:
        gaston.hold(list_event(world.database))
        gaston.checkout()
        assert gaston.cancel().json["cancelled"] is True
        return world.process.run("services.checkouts:close_due", fall=fall)

    for fall in falls(world, attempt):
        world.work()
        assert [session["status"] for session in world.sandbox.sessions_of(gaston.order)] == ["expired"], fall
        closing = "select count(*) from public.checkouts where order_id = %s and status = 'closing'"
        assert world.database.value(closing, [gaston.order["id"]]) == 0
        world.agrees(gaston.read())
