"""Everyone at once: seats that must be right when many really ask in the same instant."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events
from tests.sql.attempts import Attempt, buying, editing, sweeping, words
from tests.sql.crowd import Crowd
from tests.sql.orders import guest, place, place_as_guest


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
        return place(db.visitor(**db.at(address)), show, seat, buyer=guest())["reference"]

    for _ in range(50):
        buying_from_there(crowd.owner)
    assert words(crowd.rush([buying_from_there] * 20)) == {"held": 10, "too_many_orders": 10}


def test_an_event_taken_down_while_seats_are_bought_ends_with_one_truth(crowd: Crowd) -> None:
    for _ in range(5):
        show = crowd.event()
        seat = events.ticket_type(crowd.owner, show)
        cancel = editing("events", show.id, status="cancelled")
        _, *answers = crowd.rush([cancel, *(buying(show, seat) for _ in range(3))])
        assert crowd.owner.value("select status from public.events where id = %s", [show.id]) == "cancelled"
        assert set(words(answers)) <= {"held", "sale_closed"}
        crowd.owner.service().call("settle_cancelled_events")
        assert events.pool(crowd.owner, show) == (0, 0)


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
