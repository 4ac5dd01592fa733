"""Orders that wait for their organizer's yes: given, refused, or not in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import Order, guest, holding, instant, line, place_as_guest, state
from tests.sql.test_called_off import told

WAIT = timedelta(days=7)
MICROSECOND = timedelta(microseconds=1)


def asked(
    db: Database, omar: Person, price_cents: int = 1000, capacity: int = 1, **columns: Any
) -> tuple[events.Event, Order]:
    show = events.event(db, capacity=capacity, organizer_id=events.organizer(db, owner=omar), **columns)
    seat = events.ticket_type(db, show, price_cents, requires_approval=True)
    return show, place_as_guest(db, show, seat)


def test_an_order_that_waits_for_a_yes_holds_nothing(database: Database, omar: Person) -> None:
    show, order = asked(database, omar)
    assert (order["status"], events.pool(database, show)) == ("awaiting_approval", (0, 0))
    found = database.person(omar).call("approve_order", reference=order["reference"])
    assert (found["status"], found["hold_left_seconds"], events.pool(database, show)) == (
        "pending",
        86400,
        (1, 0),
    )
    assert told(database, show) == [("order_approved", 1), ("order_requested", 1)]
    with database.refuses("not_awaiting_approval", 409):
        database.person(omar).call("approve_order", reference=order["reference"])


def test_a_request_is_told_of_while_it_waits(database: Database, omar: Person) -> None:
    show, order = asked(database, omar)
    assert told(database, show) == [("order_requested", 1)]
    claimed = database.service().call("claim_deliveries", batch=1000)
    (mail,) = (each for each in claimed if each["data"].get("order", {}).get("id") == order["id"])
    assert mail["data"]["site_path"] == f"/orders/{order['reference']}/access?key={order['secret']}"


def test_a_request_is_told_of_again_only_while_it_waits(database: Database, omar: Person) -> None:
    _, order = asked(database, omar)
    (mail,) = database.rows(
        "update public.deliveries set status = 'dead' where order_id = %s returning id", [order["id"]]
    )
    again = {"reference": order["reference"], "delivery_id": mail[0]}
    database.person(omar).call("repeat_mail", **again)
    database.person(omar).call("approve_order", reference=order["reference"])
    with database.refuses("mail_outdated", 409):
        database.person(omar).call("repeat_mail", **again)


def test_a_free_order_is_confirmed_by_the_yes(database: Database, omar: Person) -> None:
    show, order = asked(database, omar, price_cents=0)
    assert database.person(omar).call("approve_order", reference=order["reference"])["status"] == "confirmed"
    assert events.pool(database, show) == (0, 1)


def test_a_yes_needs_a_seat(database: Database, omar: Person) -> None:
    show, order = asked(database, omar)
    place_as_guest(database, show, events.ticket_type(database, show))
    with database.refuses("sold_out", 409):
        database.person(omar).call("approve_order", reference=order["reference"])
    events.edit(database, "events", show.id, status="cancelled")
    with database.refuses("sale_closed", 409):
        database.person(omar).call("approve_order", reference=order["reference"])


def test_a_no_is_said_with_a_word(database: Database, omar: Person, zoe: Person) -> None:
    _, order = asked(database, omar)
    with database.refuses("not_found", 404):
        database.person(zoe).call("decline_order", reference=order["reference"])
    found = database.person(omar).call("decline_order", reference=order["reference"], reason="Beginners only")
    assert (found["status"], found["status_reason"]) == ("declined", "declined_by_organizer")
    assert (
        database.value("select facts ->> 'reason' from public.deliveries where kind = 'order_declined'")
        == "Beginners only"
    )
    with database.refuses("not_awaiting_approval", 409):
        database.person(omar).call("decline_order", reference=order["reference"])


def test_one_asks_once_at_a_time(database: Database, omar: Person) -> None:
    show, order = asked(database, omar, capacity=5)
    buyer = guest(email=order["buyer"]["email"])
    with database.refuses("order_pending", 409):
        database.visitor().call(
            "place_order", event_id=show.id, lines=[line(order["lines"][0]["ticket_type_id"])], buyer=buyer
        )


def test_nobody_waits_longer_than_the_policy_says(database: Database, omar: Person) -> None:
    show, order = asked(database, omar, starts_in=timedelta(days=30))
    database.move_clock(WAIT - MICROSECOND)
    assert database.service().call("expire_holds") == {"expired": 0}
    database.move_clock(WAIT)
    now = holding(database, order).call("read_order", reference=order["reference"])
    assert (now["status"], now["status_reason"]) == ("expired", "not_answered")  # from its very instant
    for answer in ("approve_order", "decline_order"):
        with database.refuses("not_awaiting_approval", 409):
            database.person(omar).call(answer, reference=order["reference"])
    assert database.service().call("expire_holds") == {"expired": 1}
    assert database.service().call("expire_holds") == {"expired": 0}
    assert state(database, order) == ("expired", "not_answered", "unpaid")
    assert told(database, show) == [("order_requested", 1), ("order_unanswered", 1)]


def test_nobody_waits_beyond_the_start(database: Database, omar: Person) -> None:
    show, order = asked(database, omar, starts_in=timedelta(days=3))
    assert instant(order["expires_at"]) == show.starts_at
    sooner = show.starts_at - timedelta(days=2)
    events.edit(database, "events", show.id, starts_at=sooner)
    database.move_clock(timedelta(days=1))
    assert database.service().call("expire_holds") == {"expired": 1}
    assert state(database, order)[1] == "not_answered"


def test_who_got_no_answer_may_ask_again_and_is_next_in_line(
    database: Database, omar: Person, ana: Person
) -> None:
    show, _ = asked(database, omar, starts_in=timedelta(days=30))
    seat = events.ticket_type(database, show)
    careful = database.value(
        "select id from public.ticket_types where event_id = %s and requires_approval", [show.id]
    )
    me = database.person(ana)
    me.call("place_order", event_id=show.id, lines=[line(careful)])
    held = place_as_guest(database, show, seat)
    me.call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
    database.move_clock(WAIT)
    database.service().call("expire_holds")
    assert state(database, held)[0] == "expired"
    assert me.call("list_waitlist")[0]["status"] == "offered"


def test_an_offer_that_nobody_approved_lapses(database: Database, omar: Person, ana: Person) -> None:
    show, _ = asked(database, omar, starts_in=timedelta(days=30))
    careful = database.value("select id from public.ticket_types where event_id = %s", [show.id])
    held = place_as_guest(database, show, events.ticket_type(database, show))
    me = database.person(ana)
    me.call("join_waitlist", event_id=show.id, ticket_type_id=careful, quantity=1)
    holding(database, held).call("cancel_order", reference=held["reference"])
    assert me.call("list_waitlist")[0]["status"] == "offered"
    database.move_clock(WAIT)
    database.service().call("expire_holds")
    assert me.call("list_waitlist")[0]["status"] == "lapsed"
