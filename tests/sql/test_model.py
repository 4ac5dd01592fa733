"""Orders, money, cancellations, the line and the clock at random; after every step each rule is counted anew.

Each run is undone. `GUICHET_MODEL_STEPS` asks for more steps than the suite takes.
That the model notices what it should is tested beside it, in test_model_notices.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.database import Database
from tests.sql.bank import FAILED, PENDING, SUCCEEDED, News
from tests.sql.world import World

STEPS = 40
EXAMPLES = int(os.environ.get("GUICHET_MODEL_STEPS", "2400")) // STEPS
PROFILE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

some_sessions = precondition(lambda life: life.world.sessions)
some_charges = precondition(lambda life: life.world.bank.charges)
some_refunds = precondition(lambda life: life.world.bank.refunds)

number = st.integers(0, 20)
person = st.integers(0, 4)
event = st.sampled_from((0, 0, 0, 1, 2))
quantity = st.sampled_from((1, 1, 2, 3, 4))
wishes = st.lists(st.tuples(st.sampled_from((0, 0, 1, 2)), quantity), min_size=1, max_size=2)
how = st.sampled_from((SUCCEEDED, SUCCEEDED, SUCCEEDED, PENDING, "wrong"))
answer = st.sampled_from((SUCCEEDED, SUCCEEDED, PENDING, FAILED))


class Life(RuleBasedStateMachine):
    """One life of a few events; `world` is set by `lives_of`."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.undo = self.world.db.connection.transaction(force_rollback=True)
        self.undo.__enter__()
        self.world.start()
        self.sound = True
        self.service = self.world.db.service()
        self.team = self.world.db.person(self.world.omar)

    def teardown(self) -> None:
        try:
            if self.sound:
                self.world.rest()
        finally:
            self.undo.__exit__(None, None, None)

    # What buyers do

    @initialize(first=wishes, second=wishes, quantities=st.lists(quantity, min_size=3, max_size=3))
    def begin(
        self, first: list[tuple[int, int]], second: list[tuple[int, int]], quantities: list[int]
    ) -> None:
        """Two paid, three wait: most rules have something to do from here."""
        for person, wanted in ((0, first), (1, second)):
            self.place(person, 0, wanted, None)
            self.go_to_pay(0, crash=False)
            if self.world.sessions:
                self.pay(0, SUCCEEDED, bring=True)
        for person, quantity in enumerate(quantities, start=2):
            self.join_line(person, 0, 0, quantity)

    @rule(person=person, event=event, wishes=wishes, code=st.sampled_from((None, None, "ONCE", "EACH")))
    def place(self, person: int, event: int, wishes: list[tuple[int, int]], code: str | None) -> None:
        self.world.place(self.world.people[person], self.world.events[event], wishes, code)

    @rule(number=number, crash=st.sampled_from((False, False, False, False, True)))
    def go_to_pay(self, number: int, crash: bool) -> None:
        order = self.world.order(number, "pending")
        begun = order and self.world.tried(
            self.world.buyer(order), "begin_checkout", reference=order["reference"]
        )
        if order and begun and begun["action"] == "create":
            session = f"cs_{begun['checkout']['id']}"
            self.world.sessions.append((order, session))
            if not crash:
                self.service.call(
                    "record_checkout",
                    checkout_id=begun["checkout"]["id"],
                    session_id=session,
                    url="https://pay",
                )

    @some_sessions
    @rule(
        number=number,
        how=st.sampled_from((SUCCEEDED, SUCCEEDED, SUCCEEDED, PENDING, "wrong")),
        bring=st.booleans(),
        late=st.booleans(),
    )
    def pay(self, number: int, how: str, bring: bool, late: bool = False) -> None:
        if late:
            self.time_passes(121)
            self.sweep()
            for wanted in (4, 3, 2, 1):  # somebody is faster, if anything is left
                self.place(3, 0, [(0, wanted)], None)
        order, session = self.world.sessions.pop(-1 - number % min(3, len(self.world.sessions)))
        if not session.endswith("again"):
            self.world.sessions.insert(0, (order, f"{session} again"))  # another tab, still open
        amount = order["total_cents"] + (7 if how == "wrong" else 0)
        self.world.bank.charge(order, session, amount, PENDING if how == PENDING else SUCCEEDED)
        if bring:
            self._bring(self.world.bank.news[-1])

    @some_sessions
    @rule(number=number)
    def fail_to_pay(self, number: int) -> None:
        self.world.bank.decline(*self.world.sessions[number % len(self.world.sessions)])
        self._bring(self.world.bank.news[-1])

    @rule(number=number, seats=st.sampled_from((None, (0,), (0,), (1,), (0, 1), (0, 2))))
    def cancel(self, number: int, seats: tuple[int, ...] | None) -> None:
        order = self.world.order(number, "confirmed", "pending", "awaiting_approval")
        if order:
            self.world.tried(
                self.world.buyer(order),
                "cancel_order",
                reference=order["reference"],
                attendees=self._seats(order, seats),
            )

    @rule(person=person, event=event, kind=st.sampled_from((0, 0, 0, 1)), quantity=quantity)
    def join_line(self, person: int, event: int, kind: int, quantity: int) -> None:
        types = self.world.types[self.world.events[event].id]
        self.world.tried(
            self.world.db.person(self.world.people[person]),
            "join_waitlist",
            event_id=self.world.events[event].id,
            ticket_type_id=types[kind % len(types)],
            quantity=quantity,
        )

    @rule(person=person, number=number)
    def leave_line(self, person: int, number: int) -> None:
        caller = self.world.db.person(self.world.people[person])
        places = [
            place for place in caller.call("list_waitlist") if place["status"] in ("waiting", "offered")
        ]
        if places:
            self.world.tried(caller, "leave_waitlist", entry_id=places[number % len(places)]["id"])

    # What the team does

    @rule(
        number=number, seats=st.sampled_from((None, (0,))), cents=st.sampled_from((None, None, 1, 400, 5000))
    )
    def refund(self, number: int, seats: tuple[int, ...] | None, cents: int | None) -> None:
        order = self.world.order(number, "confirmed", "cancelled")
        if order:
            self.world.tried(
                self.team, "refund_order", reference=order["reference"], reason="sorry", amount_cents=cents,
                attendees=None if cents else self._seats(order, seats),
            )  # fmt: skip

    @rule(number=number, yes=st.sampled_from((True, True, False)))
    def judge(self, number: int, yes: bool) -> None:
        order = self.world.order(number, "awaiting_approval")
        if order:
            self.world.tried(
                self.team, "approve_order" if yes else "decline_order", reference=order["reference"]
            )

    @rule(what=st.sampled_from(("event", "type", "venue")), capacity=st.sampled_from((None, 2, 3, 4, 6, 8)))
    def edit_capacity(self, what: str, capacity: int | None) -> None:
        show = self.world.events[0]
        if what == "type":
            self.world.edit("ticket_types", self.world.types[show.id][1], capacity=capacity)
        elif capacity:
            row = show.id if what == "event" else self.world.venue
            self.world.edit("events" if what == "event" else "venues", row, capacity=capacity)

    @rule(event=event, sure=st.integers(0, 5))
    def call_event_off(self, event: int, sure: int) -> None:
        if sure == 0:
            self.world.tried(self.team, "cancel_event", event_id=self.world.events[event].id, reason="rain")

    # What banks and machines do

    @some_charges
    @rule(status=answer, crash=st.sampled_from((None, None, None, "claimed", "asked")))
    def send_refunds(self, status: str, crash: str | None) -> None:
        claimed = self.world.worker.claim()
        self.world.acted = bool(claimed)
        for each in claimed:
            refund = self.world.worker.ask(each, status) if crash != "claimed" else None
            if crash is None:
                self.world.worker.record(each, refund)

    @some_charges
    @rule()
    def lose_leases(self) -> None:
        self.world.worker.crash()

    @precondition(lambda life: life.world.bank.news)
    @rule(number=number, again=st.sampled_from((False, False, True)))
    def bring_news(self, number: int, again: bool) -> None:
        news = (self.world.bank.brought if again else None) or self.world.bank.news
        self._bring(news[number % len(news)])

    @precondition(lambda life: any(charge.status == PENDING for charge in life.world.bank.charges.values()))
    @rule(number=number, succeeds=st.booleans())
    def bank_decides(self, number: int, succeeds: bool) -> None:
        waiting = [charge for charge in self.world.bank.charges.values() if charge.status == PENDING]
        self.world.bank.decide(waiting[number % len(waiting)], succeeds=succeeds)

    @some_refunds
    @rule(number=number, fails=st.booleans())
    def refund_ends(self, number: int, fails: bool) -> None:
        open_ones = [
            each
            for each in self.world.bank.refunds.values()
            if each.status == PENDING or (fails and each.status == SUCCEEDED)
        ]
        if open_ones:
            self.world.bank.change(open_ones[number % len(open_ones)], FAILED if fails else SUCCEEDED)

    @some_charges
    @rule(number=number, cents=st.sampled_from((100, 500, 1000)))
    def refund_in_stripes_dashboard(self, number: int, cents: int) -> None:
        charges = list(self.world.bank.charges)
        self.world.bank.refund(charges[number % len(charges)], cents)

    @rule(minutes=st.sampled_from((1, 7, 14, 15, 60, 121, 1440, 4320)))
    def time_passes(self, minutes: int) -> None:
        self.world.acted = True
        self.world.db.move_clock(self.world.bank.shift() + timedelta(minutes=minutes))

    @rule()
    def sweep(self) -> None:
        self.world.acted = True
        self.service.call("expire_holds")

    @rule()
    def tend(self) -> None:
        self.world.acted = True
        self.service.call("tend_events")
        self.service.call("settle_cancelled_events", batch=2)

    @invariant()
    def every_rule_holds(self) -> None:
        if self.world.acted:
            self.sound = False
            self.world.check()
            self.sound, self.world.acted = True, False

    def _bring(self, news: News) -> None:
        self.world.acted = True
        self.world.bank.bring(news)

    def _seats(self, order: dict[str, Any], seats: tuple[int, ...] | None) -> list[str] | None:
        if seats is None:
            return None
        found = self.world.db.rows(
            "select id from public.attendees where order_id = %s and cancelled_at is null order by position",
            [order["id"]],
        )
        return [str(found[seat][0]) for seat in seats if seat < len(found)] or None


def lives_of(world: World) -> type[Life]:
    return type("LifeOfWorld", (Life,), {"world": world})


@pytest.fixture(scope="module")
def world(postgres_url: str) -> Iterator[World]:
    with psycopg.connect(postgres_url) as connection, connection.transaction(force_rollback=True):
        yield World(Database(connection))


def test_every_rule_holds_whatever_happens(world: World) -> None:
    run_state_machine_as_test(lives_of(world), settings=PROFILE)
