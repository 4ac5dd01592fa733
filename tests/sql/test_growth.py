"""No function that requests or jobs call reads a growing table whole: an index leads to every row."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import Order, fail, guest, holding, line, paid, payment, place, settle

GROWING = [
    "events",
    "ticket_types",
    "pools",
    "venues",
    "orders",
    "order_lines",
    "attendees",
    "payments",
    "checkouts",
    "deliveries",
    "stripe_events",
    "audit_entries",
    "order_requests",
    "profiles",
    "organizer_members",
    "order_notes",
    "waitlist_entries",
    "disputes",
]


@dataclass
class Scene:
    """An event of Omar's at a shared venue; Ana has been there before, a guest holds a seat now."""

    db: Database
    ana: Person
    omar: Person
    team: str
    venue: uuid.UUID
    show: events.Event
    seat: uuid.UUID
    order: Order

    def by_ana(self, function: str, **arguments: Any) -> None:
        self.db.person(self.ana).call(function, **arguments)

    def by_omar(self, function: str, **arguments: Any) -> None:
        self.db.person(self.omar).call(function, **arguments)

    def by_anyone(self, function: str, **arguments: Any) -> None:
        self.db.visitor().call(function, **arguments)

    def by_the_guest(self, function: str) -> None:
        holding(self.db, self.order).call(function, reference=self.order["reference"])

    def by_a_job(self, function: str, **arguments: Any) -> None:
        self.db.service().call(function, **arguments)


@pytest.fixture
def scene(database: Database, ana: Person, omar: Person) -> Scene:
    venue = events.venue(database)
    organizer_id = events.organizer(database, owner=omar)
    team = database.value("select slug from public.organizers where id = %s", [organizer_id])
    show = events.event(database, venue_id=venue, capacity=None, organizer_id=organizer_id)
    seat = events.ticket_type(database, show, capacity=50)
    paid(database, place(database.person(ana), show, seat))
    order = place(database.visitor(), show, seat, buyer=guest())
    return Scene(database, ana, omar, team, venue, show, seat, order)


def place_one(scene: Scene) -> None:
    buyer = scene.db.visitor(**scene.db.at("192.0.2.7"))
    place(buyer, scene.show, scene.seat, buyer=guest(), idempotency_key="k-1")


def about_the_order(function: str, **arguments: Any) -> Callable[[Scene], Any]:
    """Omar does something about the order that is held."""
    return lambda scene: scene.by_omar(function, reference=scene.order["reference"], **arguments)


def at_the_event(function: str, **arguments: Any) -> Callable[[Scene], Any]:
    """Omar looks at his event, or does something there."""
    return lambda scene: scene.by_omar(function, event_id=scene.show.id, **arguments)


def seat_somebody(scene: Scene) -> None:
    scene.by_omar("create_comp_order", event_id=scene.show.id, lines=[line(scene.seat)], buyer=guest())


DEEDS: dict[str, Callable[[Scene], Any]] = {
    "list events": lambda scene: scene.by_ana("list_events"),
    "list a team's events": lambda scene: scene.by_anyone("list_events", organizer="x"),
    "search events": lambda scene: scene.by_anyone("list_events", q="counter tandem"),
    "read an event": lambda scene: scene.by_ana("read_event", slug=scene.show.slug),
    "read an event by its id": lambda scene: scene.by_anyone("read_event", slug=str(scene.show.id)),
    "read availability": lambda scene: scene.by_anyone("read_availability", event_id=scene.show.id),
    "quote": lambda scene: scene.by_ana("quote", event_id=scene.show.id, lines=[line(scene.seat)]),
    "read a venue": lambda scene: scene.by_anyone("read_venue", slug=str(scene.venue)),
    "place an order": place_one,
    "read an order": lambda scene: scene.by_the_guest("read_order"),
    "follow an order": lambda scene: scene.by_the_guest("read_order_state"),
    "begin to pay": lambda scene: scene.by_the_guest("begin_checkout"),
    "give seats back": lambda scene: scene.by_the_guest("cancel_order"),
    "list a team's orders": lambda scene: scene.by_omar("list_team_orders", organizer=scene.team),
    "list a team's largest orders": lambda scene: scene.by_omar(
        "list_team_orders", organizer=scene.team, sort="largest", status="confirmed"
    ),
    "search a team's orders": lambda scene: scene.by_omar("list_team_orders", organizer=scene.team, q="ana"),
    "read a team's order": about_the_order("read_team_order"),
    "preview a refund": about_the_order("prepare_refund"),
    "change a buyer": about_the_order("change_buyer", name="Gus", email="gus@example.org"),
    "note something": about_the_order("add_order_note", body="Called."),
    "take money by hand": about_the_order("record_manual_payment", method="cash"),
    "seat somebody": seat_somebody,
    "follow an event": at_the_event("read_dashboard"),
    "list who comes": at_the_event("list_attendees"),
    "search who comes": at_the_event("list_attendees", q="ana"),
    "print who comes": at_the_event("read_attendee_sheet"),
    "take the list along": at_the_event("export_attendees"),
    "see who waits": at_the_event("list_event_waitlist"),
    "list people": lambda scene: scene.by_omar("list_people", organizer=scene.team),
    "search people": lambda scene: scene.by_omar("list_people", organizer=scene.team, q="ana"),
    "list disputes": lambda scene: scene.by_omar("list_disputes", organizer=scene.team),
    "read the trail": lambda scene: scene.by_omar("list_audit_entries", organizer=scene.team),
    "list one's orders": lambda scene: scene.by_ana("list_orders"),
    "read oneself": lambda scene: scene.by_ana("read_me"),
    "export oneself": lambda scene: scene.by_ana("export_me"),
    "settle": lambda scene: settle(scene.db, payment(scene.db, scene.order)),
    "count a failure": lambda scene: fail(scene.db, scene.order),
    "sweep": lambda scene: scene.by_a_job("expire_holds"),
    "claim mails": lambda scene: scene.by_a_job("claim_deliveries"),
    "claim refunds": lambda scene: scene.by_a_job("claim_refunds"),
    "claim sessions": lambda scene: scene.by_a_job("claim_checkouts_to_close"),
    "hear of a mail": lambda scene: scene.by_a_job(
        "record_delivery_event", provider_id="x", event="delivered", occurred_at=None
    ),
    "close a session": lambda scene: scene.by_a_job("close_checkout", session_id="x", outcome="expired"),
    "tell the health page": lambda scene: scene.by_a_job("job_status"),
}


def full_reads(db: Database) -> set[tuple[str, int]]:
    """(table, how often it was read whole in this transaction)."""
    return {
        (table, times)
        for table, times in db.rows(
            "select relname, seq_scan from pg_stat_xact_user_tables where relname = any(%s)", [GROWING]
        )
    }


@pytest.mark.parametrize("deed", DEEDS)
def test_an_index_leads_to_every_row(scene: Scene, deed: str) -> None:
    # A test's tables are too small for indexes to pay: forbidding the alternative shows whether there is one.
    scene.db.rows("set local enable_seqscan = off")
    scene.db.rows("discard plans")
    before = full_reads(scene.db)
    DEEDS[deed](scene)
    assert full_reads(scene.db) - before == set()
