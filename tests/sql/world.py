"""A small world for the model of orders: few seats, many wishes, so that rules are met within few steps."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg

from tests.database import Database, Person
from tests.sql import events
from tests.sql.bank import SUCCEEDED, Bank, Worker
from tests.sql.orders import line

INVARIANTS = (Path(__file__).parent / "invariants.sql").read_text()
NOT_FOR_CALLERS = {"refund_first", "not_paid", "venue_full", "order_is_fixed", "money_follows_payments"}
"""Words of the last line of defence: whoever calls a function should never get so far."""
NAMES = ("Ana", "Bo", "Chloé", "Dan", "Eva")


class Fault(AssertionError):
    """A rule that does not hold."""


class World:
    """What is on sale, who buys, and what the bank knows."""

    def __init__(self, db: Database) -> None:
        self.db = db
        db.rows("update private.limits set amount = 1000000 where true")
        self.people = [db.sign_up(name) for name in NAMES]
        self.omar = db.sign_up("Omar")
        team = events.organizer(db, owner=self.omar)
        hall = events.venue(db, capacity=4)
        late = timedelta(days=7, hours=1)
        self.events = [
            events.event(db, organizer_id=team, capacity=5),
            events.event(db, organizer_id=team, capacity=None, venue_id=hall),
            events.event(db, organizer_id=team, capacity=None, venue_id=hall, starts_in=late),
        ]
        show, one, other = self.events
        self.venue = hall
        self.types = {
            show.id: [
                events.ticket_type(db, show, 1000, group_min_quantity=3, group_percent=40),
                events.ticket_type(db, show, 2000, capacity=2, max_per_order=2),
                events.ticket_type(db, show, 1500, requires_approval=True),
            ],
            one.id: [events.ticket_type(db, one, 0)],
            other.id: [events.ticket_type(db, other, 800)],
        }
        for code, facts in (
            ("ONCE", {"percent": 50, "max_uses": 1}),
            ("EACH", {"amount_cents": 300, "currency": "EUR", "max_uses": 3, "max_uses_per_person": 1}),
        ):
            events.insert(db, "promotion_codes", organizer_id=team, code=code, **facts)
        self.start()

    def start(self) -> None:
        """Nothing has happened yet."""
        self.bank = Bank(self.db)
        self.worker = Worker(self.db, self.bank)
        self.sessions: list[tuple[dict[str, Any], str]] = []
        self.served: set[Any] = set()
        self.acted = False

    def order(self, number: int, *statuses: str) -> dict[str, Any] | None:
        """One of the orders in these statuses, any when none are named."""
        found = self.db.value(
            """select coalesce(jsonb_agg(
                jsonb_build_object('id', id, 'reference', reference, 'currency', currency, 'status', status,
                    'buyer_id', buyer_id, 'total_cents', total_cents)
                order by (select min(audit_entries.id) from public.audit_entries where subject_id = orders.id)
            ), '[]')
            from public.orders
            where event_id = any(%s) and (%s = '{}' or status = any(%s::public.order_status[]))""",
            [[event.id for event in self.events], list(statuses), list(statuses)],
        )
        return found[number % len(found)] if found else None

    def buyer(self, order: dict[str, Any]) -> Database:
        person = next(person for person in self.people if str(person.id) == order["buyer_id"])
        return self.db.person(person)

    def place(
        self, person: Person, event: events.Event, wishes: list[tuple[int, int]], code: str | None
    ) -> None:
        types = self.types[event.id]
        wanted = {types[kind % len(types)]: quantity for kind, quantity in wishes}
        lines = [line(kind, quantity) for kind, quantity in wanted.items()]
        self.tried(self.db.person(person), "place_order", event_id=event.id, lines=lines, promotion_code=code)

    def tried(self, caller: Database, function: str, **arguments: Any) -> Any:
        """What a call answers; None when it was refused by a fair word. Postgres' own errors are faults."""
        self.acted = True
        try:
            return caller.call(function, **arguments)
        except psycopg.Error as error:
            self.refused(error, NOT_FOR_CALLERS)
            return None

    def edit(self, table: str, row: Any, **columns: Any) -> None:
        self.acted = True
        try:
            events.edit(self.db, table, row, **columns)
        except psycopg.Error as error:
            self.refused(error)

    def refused(self, error: psycopg.Error, faults: Collection[str] = ()) -> None:
        """Refusals are fair, unless a trigger had to save the counters or the money."""
        word = error.diag.message_primary
        guarded = word == "sold_out" and "guard_counters" in (error.diag.context or "")
        if not (error.sqlstate or "").startswith("PT") or word in faults or guarded:
            raise Fault(f"{error.sqlstate} {error}") from error

    def check(self) -> None:
        """Raises Fault when a rule does not hold."""
        found = self.db.connection.execute(
            INVARIANTS, {"events": [event.id for event in self.events]}, prepare=True
        )
        if faults := found.fetchall():
            raise Fault(str(faults))
        self.check_line()

    def check_line(self) -> None:
        """Nobody was offered seats past somebody before them who wanted no more and could have had them."""
        entries = self.db.connection.execute(
            """select id, line_number, ticket_type_id, quantity, status = 'waiting' and not exists (
                select from public.orders where orders.buyer_id = waitlist_entries.user_id
                    and orders.event_id = waitlist_entries.event_id
                    and orders.status in ('pending', 'awaiting_approval')
            ), order_id is not null
            from public.waitlist_entries where event_id = any(%s)""",
            [[event.id for event in self.events]],
            prepare=True,
        ).fetchall()
        served = {entry[0] for entry in entries if entry[5]}
        for entry, number, kind, quantity, _, _ in entries:
            passed = [
                ahead
                for ahead in entries
                if ahead[4] and ahead[1] < number and ahead[2] == kind and ahead[3] <= quantity
            ]
            if entry in served - self.served and passed:
                raise Fault(f"{entry} was served before {passed}")
        self.served = served

    def rest(self) -> None:
        """Everything that is on its way arrives; afterwards the bank and the rows tell the same."""
        for _ in range(50):
            self.worker.crash()
            for news in list(self.bank.news):
                self.bank.bring(news)
            settle = self.db.service().call
            settled = sum(settle("settle_cancelled_events")["settled"] for _ in range(len(self.events) + 1))
            self.db.service().call("expire_holds")
            if not self.worker.send() + settled + len(self.bank.news):
                break
        self.check()
        told = dict(
            self.db.rows(
                """select payments.payment_intent_id, -sum(payments.amount_cents)
                from public.payments
                inner join public.orders on orders.id = payments.order_id
                where kind = 'refund' and orders.event_id = any(%s) and (payments.status = 'succeeded'
                    or (payments.status = 'requested' and payments.stripe_refund_id is not null))
                group by 1""",
                [[event.id for event in self.events]],
            )
        )
        for intent, charge in self.bank.charges.items():
            given = charge.amount - self.bank.left(intent)
            if charge.status == SUCCEEDED and given != told.get(intent, 0):
                raise Fault(f"{intent}: the bank gave {given}, we know of {told.get(intent, 0)}")
        left = self.db.rows(
            """select reference, orders.status from public.orders
            inner join public.events on events.id = orders.event_id
            where events.id = any(%s) and events.status = 'cancelled'
                and orders.status in ('pending', 'confirmed', 'awaiting_approval')
                and orders.payment_status <> 'processing'
                and not exists (
                    select from public.payments
                    where order_id = orders.id and kind = 'refund' and payments.status = 'failed'
                )
                and not exists (
                    select from public.cancellations
                    where order_id = orders.id and cancellations.status = 'failed'
                )""",
            [[event.id for event in self.events]],
        )
        if left:
            raise Fault(f"the event is off, and these are not: {left}")
