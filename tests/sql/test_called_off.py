"""Events called off by their team, by the dashboard or for want of people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.bank import FAILED, PENDING, Bank, Worker
from tests.sql.orders import Order, guest, line, paid, place, place_as_guest, state


def sold(db: Database, bank: Bank, show: events.Event, number: int) -> list[Order]:
    seat = events.ticket_type(db, show)
    orders = [place_as_guest(db, show, seat) for _ in range(number)]
    for order in orders:
        bank.charge(order, f"cs_{order['id']}", 1000)
        bank.bring(bank.news[0])
    return orders


def settled(db: Database, batch: int = 100) -> int:
    number: int = db.service().call("settle_cancelled_events", batch=batch)["settled"]
    return number


def told(db: Database, show: events.Event) -> list[tuple[str, int]]:
    return db.rows(
        """select kind, count(*) from public.deliveries where kind <> 'order_confirmed'
            and order_id in (select id from public.orders where event_id = %s) group by 1 order by 1""",
        [show.id],
    )


def test_everyone_is_refunded_and_told_once_in_batches(database: Database, omar: Person, ana: Person) -> None:
    bank = Bank(database)
    show = events.event(database, capacity=6, organizer_id=events.organizer(database, owner=omar))
    orders = sold(database, bank, show, 5)
    held = place_as_guest(database, show, events.ticket_type(database, show))
    database.person(ana).call(
        "join_waitlist", event_id=show.id, ticket_type_id=orders[0]["lines"][0]["ticket_type_id"], quantity=1
    )
    assert (
        database.person(omar).call(
            "cancel_event", event_id=show.id, reason="  The hall\r\nburns. \n\n\n\nSorry. "
        )["status"]
        == "cancelled"
    )
    assert [settled(database, batch=4) for _ in range(3)] == [4, 3, 0]
    Worker(database, bank).send()
    assert {state(database, order) for order in orders} == {("cancelled", "cancelled_by_event", "refunded")}
    assert state(database, held)[:2] == ("cancelled", "cancelled_by_event")
    assert told(database, show) == [("event_cancelled", 1), ("seats_cancelled", 5)]
    assert settled(database) == 0
    assert (
        database.value("select facts ->> 'reason' from public.deliveries where kind = 'event_cancelled'")
        == "The hall\nburns.\n\nSorry."
    )


def test_whoever_waits_is_told_once_in_batches_and_in_their_language(
    database: Database, ana: Person, zoe: Person
) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    place_as_guest(database, show, seat)
    for person, locale in ((ana, "en"), (zoe, "fr")):
        database.person(person).call(
            "join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1, locale=locale
        )
    database.person(zoe).call("leave_waitlist", entry_id=database.person(zoe).call("list_waitlist")[0]["id"])
    database.person(zoe).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1, locale="fr")
    events.edit(database, "events", show.id, status="cancelled", status_reason="rain")
    assert [settled(database, batch=1) for _ in range(4)] == [1, 1, 1, 0]
    mails = database.rows(
        """select recipient, locale, facts ->> 'reason' from public.deliveries where kind = 'line_dismissed'
            order by locale"""
    )
    assert mails == [(ana.email, "en", "rain"), (zoe.email, "fr", "rain")]
    assert {entry["status"] for entry in database.person(zoe).call("list_waitlist")} == {"left"}


def test_what_told_of_it_and_was_given_up_may_be_sent_again(database: Database, ana: Person) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    place_as_guest(database, show, seat)
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
    events.edit(database, "events", show.id, status="cancelled", status_reason="rain")
    settled(database)

    def told() -> Any:
        claimed = database.service().call("claim_deliveries")
        return next(mail for mail in claimed if mail["kind"] == "line_dismissed")

    first = told()
    database.service().call(
        "record_delivery", delivery_id=first["id"], lease_token=first["lease_token"], outcome="dead"
    )
    events.edit(database, "deliveries", first["id"], status="queued")
    assert told()["data"] == first["data"]


def seat_holders_told(db: Database) -> list[tuple[str, str, str]]:
    return db.rows(
        """select recipient, locale, facts ->> 'reason' from public.deliveries where kind = 'seat_dismissed'
            order by recipient"""
    )


def name_seats(db: Database, order: Order, emails: list[str | None]) -> None:
    for position, email in enumerate(emails, 1):
        db.rows(
            "update public.attendees set email = %s where order_id = %s and position = %s",
            [email, order["id"], position],
        )


def test_whoever_sits_in_a_seat_that_another_bought_is_told_once(database: Database) -> None:
    show = events.event(database)
    order = place(
        database.visitor(), show, events.ticket_type(database, show), 6, buyer=guest(email="gus@example.org")
    )
    name_seats(
        database,
        order,
        [
            "Gus@example.org",
            "fay@example.org",
            "FAY@example.org",
            "kim@example.org",
            "given@back.example",
            None,
        ],
    )
    database.rows(
        "update public.attendees set cancelled_at = now() where order_id = %s and position = 5", [order["id"]]
    )
    paid(database, order)
    events.edit(database, "events", show.id, status="cancelled", status_reason="rain")
    settled(database)
    settled(database)
    assert seat_holders_told(database) == [
        ("fay@example.org", "en", "rain"),
        ("kim@example.org", "en", "rain"),
    ]


def test_a_seat_whose_payment_is_under_way_is_dismissed_once(database: Database) -> None:
    show = events.event(database)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    name_seats(database, order, ["fay@example.org"])
    bank = Bank(database)
    charge = bank.charge(order, "cs", 1000, PENDING)
    bank.bring(bank.news[0])
    events.edit(database, "events", show.id, status="cancelled", status_reason="rain")
    assert settled(database) == 1
    bank.decide(charge, succeeds=False)
    bank.bring(bank.news[0])
    settled(database)
    assert seat_holders_told(database) == [("fay@example.org", "en", "rain")]


def test_nobody_waits_for_what_is_over(database: Database, ana: Person) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    place_as_guest(database, show, seat)
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
    database.move_clock(show.ends_at - database.value("select now()"))
    database.service().call("tend_events")
    assert database.person(ana).call("list_waitlist")[0]["status"] == "left"
    assert not database.value("select count(*) from public.deliveries where kind = 'line_dismissed'")


def test_a_buyers_own_cancellation_comes_first_and_holds_up_nobody(database: Database, ana: Person) -> None:
    bank = Bank(database)
    worker = Worker(database, bank)
    first, second = events.event(database), events.event(database)
    order = database.person(ana).call(
        "place_order", event_id=first.id, lines=[line(events.ticket_type(database, first))]
    )
    bank.charge(order, "cs", 1000)
    bank.bring(bank.news[0])
    database.person(ana).call("cancel_order", reference=order["reference"])
    (other,) = sold(database, bank, second, 1)
    for show in (first, second):
        events.edit(database, "events", show.id, status="cancelled")
    assert settled(database) == 1
    for each in worker.claim():
        worker.record(each, worker.ask(each, FAILED if each["order_id"] == order["id"] else PENDING))
    assert (state(database, order)[0], state(database, other)[0]) == ("confirmed", "cancelled")
    assert settled(database) == 1
    worker.send()
    assert state(database, order)[:2] == ("cancelled", "cancelled_by_event")


def test_whoever_a_bank_keeps_the_money_from_is_told_all_the_same(database: Database) -> None:
    bank = Bank(database)
    worker = Worker(database, bank)
    show = events.event(database)
    (order,) = sold(database, bank, show, 1)
    events.edit(database, "events", show.id, status="cancelled", status_reason="rain")
    assert settled(database) == 1
    for each in worker.claim():
        worker.record(each, worker.ask(each, FAILED))
    assert state(database, order)[0] == "confirmed"
    assert told(database, show) == [("event_cancelled", 1)]


def test_a_payment_under_way_is_told_now_and_goes_back_when_it_comes(database: Database) -> None:
    bank = Bank(database)
    show = events.event(database)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    charge = bank.charge(order, "cs", 1000, PENDING)
    bank.bring(bank.news[0])
    events.edit(database, "events", show.id, status="cancelled")
    assert (settled(database), settled(database)) == (1, 0)
    assert told(database, show) == [("event_cancelled", 1)]
    bank.decide(charge, succeeds=True)
    assert bank.bring(bank.news[0])["outcome"] == "refund_requested"
    assert Worker(database, bank).send() == 1


def test_nobody_pays_for_what_was_called_off(database: Database, ana: Person) -> None:
    show = events.event(database)
    order = database.person(ana).call(
        "place_order", event_id=show.id, lines=[line(events.ticket_type(database, show, 0))]
    )
    events.edit(database, "events", show.id, status="cancelled")
    with database.refuses("sale_closed", 409):
        database.person(ana).call("begin_checkout", reference=order["reference"])


@pytest.mark.parametrize(
    ("role", "word", "status"),
    [("owner", None, 0), ("manager", None, 0), ("finance", "not_permitted", 403), (None, "not_found", 404)],
)
def test_who_may_call_an_event_off(
    database: Database, zoe: Person, role: str | None, word: str | None, status: int
) -> None:
    members: dict[str, Any] = {role: zoe} if role else {}
    show = events.event(database, organizer_id=events.organizer(database, **members))
    with database.refuses("reason_missing" if word is None else word, 422 if word is None else status):
        database.person(zoe).call("cancel_event", event_id=show.id, reason="" if word is None else "Rain")
    if word is None:
        database.person(zoe).call("cancel_event", event_id=show.id, reason="Rain")
        with database.refuses("illegal_transition", 409):
            database.person(zoe).call("cancel_event", event_id=show.id, reason="Rain again")


def test_what_is_over_is_completed(database: Database) -> None:
    show = events.event(database)
    end = show.ends_at - database.value("select private.now()")
    database.move_clock(end - timedelta(microseconds=1))
    database.service().call("tend_events")
    assert database.value("select status::text from public.events where id = %s", [show.id]) == "published"
    database.move_clock(end)
    database.service().call("tend_events")
    assert database.value("select status::text from public.events where id = %s", [show.id]) == "completed"


def test_the_last_run_of_each_job_is_kept(database: Database) -> None:
    database.service().call("record_job_run", name="sweep", milliseconds=5, handled=2)
    database.service().call("record_job_run", name="sweep", milliseconds=7, handled=None, failure="down")
    rows = database.rows(
        "select milliseconds, handled, handled_total, failure from public.job_runs where name = 'sweep'"
    )
    assert rows == [(7, None, 2, "down")]


def test_what_calling_off_would_do_is_told_before(
    database: Database, omar: Person, ana: Person, zoe: Person
) -> None:
    show = events.event(database, organizer_id=events.organizer(database, owner=omar), capacity=3)
    seat = events.ticket_type(database, show)
    paid(database, place_as_guest(database, show, seat, 2))
    place_as_guest(database, show, seat)
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
    quote = database.person(omar).call("quote_event_cancellation", event_id=show.id)
    told = {
        name: quote[name]
        for name in ("orders", "seats", "refunded_orders", "refund_cents", "unpaid_orders", "waiting")
    }
    assert told == {
        "orders": 1, "seats": 2, "refunded_orders": 1, "refund_cents": 2000, "unpaid_orders": 1, "waiting": 1,
    }  # fmt: skip
    with database.person(zoe).refuses("not_found", 404):
        database.person(zoe).call("quote_event_cancellation", event_id=show.id)


def test_a_venues_team_is_told_before_too(database: Database, omar: Person, zoe: Person) -> None:
    house = events.organizer(database, owner=zoe)
    hall = events.venue(database, organizer_id=house)
    team = events.organizer(database, owner=omar)
    here, elsewhere = (events.event(database, organizer_id=team, venue_id=venue) for venue in (hall, None))
    seat = events.ticket_type(database, here)
    paid(database, place_as_guest(database, here, seat, 2))
    quote = database.person(zoe).call("quote_event_cancellation", event_id=here.id)
    assert (quote["seats"], quote["event"]["can"]) == (2, ["cancel"])
    assert quote["workspace"]["organizer"]["id"] == str(house)
    assert {"joining", "ticket_types", "revision"}.isdisjoint(quote["event"])
    own = database.person(omar).call("quote_event_cancellation", event_id=here.id)
    assert own["workspace"]["organizer"]["id"] == str(team)
    slug = database.value("select slug from public.organizers where id = %s", [house])
    with database.refuses("not_found", 404):
        database.person(omar).call("quote_event_cancellation", event_id=here.id, organizer=slug)
    events.insert(database, "organizer_members", organizer_id=house, user_id=omar.id, role="manager")
    both = database.person(omar).call("quote_event_cancellation", event_id=here.id, organizer=slug)
    assert both["workspace"]["organizer"]["id"] == str(house)
    with database.refuses("not_found", 404):
        database.person(zoe).call("quote_event_cancellation", event_id=elsewhere.id)


def test_a_venues_team_does_not_touch_what_was_withdrawn(database: Database, zoe: Person) -> None:
    hall = events.venue(database, organizer_id=events.organizer(database, owner=zoe))
    show = events.event(database, venue_id=hall)
    events.edit(database, "events", show.id, status="draft")
    with database.refuses("not_found", 404):
        database.person(zoe).call("cancel_event", event_id=show.id, reason="Rain")


def test_an_order_that_the_dashboard_left_without_seats_holds_up_no_other(database: Database) -> None:
    bank = Bank(database)
    show, other = events.event(database), events.event(database)
    (empty,) = sold(database, bank, show, 1)
    (order,) = sold(database, bank, other, 1)
    database.rows("update public.attendees set cancelled_at = now() where order_id = %s", [empty["id"]])
    for called_off in (show, other):
        events.edit(database, "events", called_off.id, status="cancelled", status_reason="rain")
    while settled(database):
        Worker(database, bank).send()
    assert {state(database, each) for each in (empty, order)} == {
        ("cancelled", "cancelled_by_event", "refunded")
    }
