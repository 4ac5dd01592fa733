"""Whoever orders expires lapsed holds that are in the way, and does not pay for everybody's."""

from __future__ import annotations

import uuid

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, guest, place, place_as_guest

BATCH = 50
MANY = BATCH + 5


def lapsing(db: Database, show: events.Event, seat: uuid.UUID, orders: int) -> None:
    for _ in range(orders):
        place_as_guest(db, show, seat)


def held(db: Database, show: events.Event) -> int:
    return events.pool(db, show)[0]


def test_one_order_expires_the_oldest_and_the_sweep_the_rest(database: Database) -> None:
    show = events.event(database, capacity=MANY)
    seat = events.ticket_type(database, show)
    lapsing(database, show, seat, MANY)
    database.rows(
        "update public.orders set expires_at = expires_at + interval '1 second' where id in"
        " (select id from public.orders where event_id = %s order by id limit %s)",
        [show.id, MANY - BATCH],
    )
    database.move_clock(2 * HOLD)
    place_as_guest(database, show, seat)
    expired = database.rows(
        "select status = 'expired', count(*) from public.orders where event_id = %s"
        " and expires_at <= private.now() group by status, expires_at order by expires_at",
        [show.id],
    )
    assert expired == [(True, BATCH), (False, MANY - BATCH)]
    assert held(database, show) == 1 + MANY - BATCH
    assert database.service().call("expire_holds")["expired"] == MANY - BATCH
    assert held(database, show) == 1


def test_more_are_expired_while_they_are_in_the_way(database: Database) -> None:
    show = events.event(database, capacity=MANY + 1)
    stalls, balcony = events.ticket_type(database, show), events.ticket_type(database, show, capacity=1)
    lapsing(database, show, stalls, MANY)
    place_as_guest(database, show, balcony)
    database.rows(
        "update public.orders set expires_at = expires_at + interval '1 second' where id in"
        " (select order_id from public.attendees where ticket_type_id = %s)",
        [balcony],
    )
    database.move_clock(2 * HOLD)
    place_as_guest(database, show, balcony)
    assert events.pool(database, show, balcony) == (1, 0)


def test_holds_are_in_the_way_as_well_where_the_venue_has_given_their_places_to_others(
    database: Database,
) -> None:
    hall = events.venue(database, MANY + 1)
    talk, concert = (events.event(database, venue_id=hall, capacity=None) for _ in range(2))
    seat = events.ticket_type(database, talk)
    lapsing(database, talk, seat, MANY)
    database.move_clock(2 * HOLD)
    stand = events.ticket_type(database, concert, 0, max_per_order=BATCH)
    place(database.visitor(), concert, stand, BATCH, buyer=guest())
    place(database.visitor(), talk, seat, MANY + 1 - BATCH, buyer=guest())
    assert held(database, talk) == MANY + 1 - BATCH
    with database.refuses("sold_out", 409):
        place_as_guest(database, talk, seat)


@pytest.mark.parametrize("asks", [False, True])
def test_ones_own_is_over_however_many_are_older(database: Database, ana: Person, asks: bool) -> None:
    show = events.event(database, capacity=MANY)
    seat = events.ticket_type(database, show)
    own = events.ticket_type(database, show, requires_approval=asks)
    lapsing(database, show, seat, BATCH)
    place(database.person(ana), show, own)
    database.rows(
        "update public.orders set expires_at = private.now() + interval '16 minutes' where buyer_id = %s",
        [ana.id],
    )
    database.move_clock(2 * HOLD)
    assert place(database.person(ana), show, seat)["status"] == "pending"
    assert held(database, show) == 1
