"""A venue shared by several events: at no instant more people than places."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.attempts import buying, words
from tests.sql.crowd import Crowd
from tests.sql.orders import HOLD, instant, paid, payment, place_as_guest, settle, state

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Shared = tuple[events.Event, uuid.UUID]


def shared(
    db: Database, venue: uuid.UUID, at: timedelta = DAY, lasts: timedelta = 2 * HOUR, **columns: Any
) -> Shared:
    """An event that draws its places seat by seat from the venue, and its ticket type."""
    show = events.event(db, venue_id=venue, capacity=None, starts_in=at, lasts=lasts, **columns)
    return show, events.ticket_type(db, show, max_per_order=100)


def left(db: Database, show: events.Event) -> int:
    seats: int = db.visitor().call("read_availability", event_id=show.id)["left"]
    return seats


def test_overlapping_events_share_the_places(database: Database) -> None:
    hall = events.venue(database, 5)
    talk, seat = shared(database, hall)
    concert, place = shared(database, hall, at=DAY + HOUR)
    place_as_guest(database, talk, seat, 3)
    assert (left(database, talk), left(database, concert)) == (2, 2)
    with database.refuses("sold_out", 409) as refusal:
        place_as_guest(database, concert, place, 3)
    assert refusal.detail["left"] == 2
    place_as_guest(database, concert, place, 2)
    with database.refuses("sold_out"):
        place_as_guest(database, talk, seat)


def test_one_event_may_begin_as_another_ends(database: Database) -> None:
    hall = events.venue(database, 2)
    morning, seat = shared(database, hall)
    noon, place = shared(database, hall, at=DAY + 2 * HOUR)
    place_as_guest(database, morning, seat, 2)
    place_as_guest(database, noon, place, 2)


def test_the_load_is_the_peak_over_instants_not_the_sum(database: Database) -> None:
    hall = events.venue(database, 5)
    long, seat = shared(database, hall, lasts=6 * HOUR)
    early, place = shared(database, hall)
    late, chair = shared(database, hall, at=DAY + 3 * HOUR)
    place_as_guest(database, early, place, 3)
    place_as_guest(database, late, chair, 3)
    assert left(database, long) == 2
    place_as_guest(database, long, seat, 2)
    with database.refuses("sold_out"):
        place_as_guest(database, late, chair)


def test_an_event_with_its_own_capacity_reserves_it_on_publication(database: Database) -> None:
    hall = events.venue(database, 10)
    talk, seat = shared(database, hall)
    concert = events.event(database, venue_id=hall, capacity=8, starts_in=DAY, status="draft")
    assert left(database, talk) == 10
    events.edit(database, "events", concert.id, status="published")
    assert left(database, talk) == 2
    with database.refuses("sold_out"):
        place_as_guest(database, talk, seat, 3)
    events.edit(database, "events", concert.id, status="cancelled")
    place_as_guest(database, talk, seat, 3)


@pytest.mark.parametrize("status", ["published", "awaiting_payment"])
def test_there_must_be_room_for_what_is_reserved(database: Database, status: str) -> None:
    hall = events.venue(database, 10)
    events.event(database, venue_id=hall, capacity=7, starts_in=DAY)
    draft = events.event(database, venue_id=hall, capacity=4, starts_in=DAY, status="draft")
    with database.refuses("venue_full", 409) as refusal:
        events.edit(database, "events", draft.id, status=status)
    assert refusal.detail == {"room": 3, "needed": 4}
    events.edit(database, "events", draft.id, capacity=3)
    events.edit(database, "events", draft.id, status=status)


def test_an_event_cannot_be_moved_to_where_there_is_no_room(database: Database) -> None:
    hall = events.venue(database, 10)
    events.event(database, venue_id=hall, capacity=7, starts_in=DAY)
    other = events.event(database, venue_id=hall, capacity=7, starts_in=2 * DAY)
    start = other.starts_at - DAY
    with database.refuses("venue_full"):
        events.edit(database, "events", other.id, starts_at=start, ends_at=start + HOUR)
    with database.refuses("venue_full"):
        events.event(database, venue_id=hall, capacity=4, starts_in=DAY)


def test_a_venue_shrinks_to_its_peak_and_no_further(database: Database) -> None:
    hall = events.venue(database, 10)
    events.event(database, venue_id=hall, capacity=4, starts_in=DAY)
    talk, seat = shared(database, hall)
    place_as_guest(database, talk, seat, 2)
    with database.refuses("capacity_below_reserved", 409) as refusal:
        events.edit(database, "venues", hall, capacity=5)
    assert refusal.detail == {"capacity": 5, "reserved": 6}
    events.edit(database, "venues", hall, capacity=6)
    assert left(database, talk) == 0


def test_a_past_event_does_not_keep_a_venue_from_shrinking(database: Database) -> None:
    hall = events.venue(database, 10)
    events.event(database, venue_id=hall, capacity=8, starts_in=-DAY)
    events.edit(database, "venues", hall, capacity=1)


def test_a_growing_venue_gives_its_events_more_room(database: Database) -> None:
    hall = events.venue(database, 2)
    talk, seat = shared(database, hall)
    place_as_guest(database, talk, seat, 2)
    events.edit(database, "venues", hall, capacity=3)
    assert left(database, talk) == 1
    place_as_guest(database, talk, seat)


def test_a_lapsed_hold_elsewhere_in_the_venue_blocks_nobody(database: Database) -> None:
    hall = events.venue(database, 2)
    talk, seat = shared(database, hall)
    concert, place = shared(database, hall)
    place_as_guest(database, talk, seat, 2)
    database.move_clock(HOLD)
    assert left(database, concert) == 2
    place_as_guest(database, concert, place, 2)


def test_money_in_time_for_places_that_another_event_has_taken_is_given_back(database: Database) -> None:
    hall = events.venue(database, 2)
    talk, seat = shared(database, hall)
    concert, place = shared(database, hall)
    late = place_as_guest(database, talk, seat, 2)
    charged_at = (instant(late["expires_at"]) - timedelta(seconds=1)).isoformat()
    database.move_clock(HOLD)
    paid(database, place_as_guest(database, concert, place, 1))
    # Paid at 14:59, heard of later: the hold was never swept, but one of its two places is gone.
    outcome = settle(database, payment(database, late, charged_at=real(database, charged_at)))
    assert outcome == "refund_requested"
    assert state(database, late)[0] == "expired"
    assert events.pool(database, talk) == (0, 0)


def test_money_in_time_is_seated_while_the_places_are_there(database: Database) -> None:
    hall = events.venue(database, 3)
    talk, seat = shared(database, hall)
    concert, place = shared(database, hall)
    late = place_as_guest(database, talk, seat, 2)
    charged_at = (instant(late["expires_at"]) - timedelta(seconds=1)).isoformat()
    database.move_clock(HOLD)
    paid(database, place_as_guest(database, concert, place, 1))
    assert settle(database, payment(database, late, charged_at=real(database, charged_at))) == "confirmed"
    assert (left(database, talk), left(database, concert)) == (0, 0)


def real(db: Database, told: str) -> str:
    """An instant of the rules' clock as Stripe's clock, which nobody moves, has it."""
    shifted: str = db.value("select (%s::timestamptz - shift)::text from private.clock", [told])
    return shifted


def test_an_event_online_needs_no_venue(database: Database) -> None:
    show = events.event(database, capacity=3)
    place_as_guest(database, show, events.ticket_type(database, show), 3)
    assert database.visitor().call("read_event", slug=show.slug)["online"] is True


def test_a_venue_that_shrinks_while_seats_are_bought_ends_with_one_truth(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    for number in range(5):
        hall = events.venue(crowd.owner, 12, organizer_id=events.organizer(crowd.owner, owner=omar))
        show = crowd.event(venue_id=hall, capacity=None)
        seat = events.ticket_type(crowd.owner, show)

        def shrink(db: Database, hall: uuid.UUID = hall, places: int = 3 + number) -> str:
            db.person(omar).call("update_venue", venue=str(hall), revision=1, changes={"capacity": places})
            return "shrunk"

        answers = crowd.rush([shrink, *(buying(show, seat) for _ in range(10))])
        held, _ = events.pool(crowd.owner, show)
        places = crowd.owner.value("select capacity from public.venues where id = %s", [hall])
        assert held == words(answers)["held"] <= places
        assert answers[0] in ("shrunk", "invalid_input")
        assert places == (3 + number if answers[0] == "shrunk" else 12)


def test_a_lapsed_hold_gives_its_place_to_another_event_before_it_is_swept(database: Database) -> None:
    hall = events.venue(database, 12)
    first, second = (events.event(database, capacity=None, venue_id=hall) for _ in range(2))
    place_as_guest(database, first, events.ticket_type(database, first))
    database.move_clock(HOLD)
    seat = events.ticket_type(database, second, max_per_order=12)
    place_as_guest(database, second, seat, 12)
    assert (events.pool(database, first), events.pool(database, second)) == ((1, 0), (12, 0))
    with database.refuses("sold_out", 409):
        place_as_guest(database, first, events.ticket_type(database, first))
    database.service().call("expire_holds")
    assert (events.pool(database, first), events.pool(database, second)) == ((0, 0), (12, 0))
