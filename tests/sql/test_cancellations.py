"""Giving seats up: the money first, then the seats, then the mail; a crash in between is made good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.bank import FAILED, PENDING, SUCCEEDED, Bank, Worker
from tests.sql.orders import Order, line, place, place_as_guest, state

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def bank(database: Database) -> Bank:
    return Bank(database)


@pytest.fixture
def worker(database: Database, bank: Bank) -> Worker:
    return Worker(database, bank)


def bought(
    db: Database, bank: Bank, person: Person, show: events.Event, *lines: Any, **arguments: Any
) -> Order:
    """An order of these lines, paid at the bank."""
    order: Order = db.person(person).call("place_order", event_id=show.id, lines=list(lines), **arguments)
    bank.charge(order, f"cs_{order['id']}", order["total_cents"])
    assert bank.bring(bank.news[0])["outcome"] == "confirmed"
    return order


def cancel(db: Database, person: Person, order: Order, *seats: int) -> Order:
    """Give up all seats, or those in these places."""
    chosen = [order["attendees"][seat]["id"] for seat in seats] or None
    answer: Order = db.person(person).call("cancel_order", reference=order["reference"], attendees=chosen)
    return answer


def refundable(db: Database, person: Person, order: Order, *seats: int) -> int:
    chosen = [order["attendees"][seat]["id"] for seat in seats] or None
    quote = db.person(person).call("quote_cancellation", reference=order["reference"], attendees=chosen)
    assert quote["possible"]
    cents: int = quote["refund_cents"]
    return cents


def mails(db: Database, order: Order) -> list[str]:
    return [
        kind
        for (kind,) in db.rows(
            "select kind from public.deliveries where order_id = %s order by id", [order["id"]]
        )
    ]


def test_one_cancels_while_strictly_more_than_three_hours_are_left(
    database: Database, ana: Person, bank: Bank
) -> None:
    show = events.event(database)
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    start = show.starts_at - database.value("select private.now()")
    database.move_clock(start - timedelta(hours=3))
    with database.refuses("cancellation_deadline_passed", 409):
        cancel(database, ana, order)
    database.move_clock(start - timedelta(hours=3) - MICROSECOND)
    assert cancel(database, ana, order)["cancellation"]["status"] == "refunding"


def test_the_seats_go_when_the_bank_has_accepted(
    database: Database, ana: Person, bank: Bank, worker: Worker
) -> None:
    show = events.event(database)
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show), 2))
    cancel(database, ana, order)
    assert state(database, order)[0] == "confirmed"
    assert events.pool(database, show) == (0, 2)
    with database.refuses("cancellation_under_way", 409):
        cancel(database, ana, order)
    worker.send()
    assert state(database, order) == ("cancelled", "cancelled_by_buyer", "refunded")
    assert events.pool(database, show) == (0, 0)
    assert sorted(mails(database, order)) == ["order_confirmed", "seats_cancelled"]
    with database.refuses("already_cancelled", 409):
        cancel(database, ana, order)


def test_a_refund_that_is_pending_at_the_bank_is_accepted(
    database: Database, ana: Person, bank: Bank, worker: Worker
) -> None:
    show = events.event(database)
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    cancel(database, ana, order)
    worker.send(PENDING)
    assert state(database, order)[0] == "cancelled"
    bank.change(next(iter(bank.refunds.values())), SUCCEEDED)
    for news in list(bank.news):
        bank.bring(news)
    assert state(database, order)[2] == "refunded"
    assert mails(database, order).count("seats_cancelled") == 1


def test_a_refused_refund_leaves_the_order_and_may_be_tried_again(
    database: Database, ana: Person, bank: Bank, worker: Worker
) -> None:
    show = events.event(database)
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    cancel(database, ana, order)
    worker.send(FAILED)
    assert state(database, order) == ("confirmed", None, "paid")
    assert (
        database.person(ana).call("read_order", reference=order["reference"])["cancellation"]["status"]
        == "failed"
    )
    assert "refund_failed" in mails(database, order)
    cancel(database, ana, order)
    worker.send()
    assert state(database, order)[0] == "cancelled"


@pytest.mark.parametrize("crash", ["claimed", "asked", "told"])
def test_a_crash_at_any_step_is_made_good(
    database: Database, ana: Person, bank: Bank, worker: Worker, crash: str
) -> None:
    show = events.event(database)
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    cancel(database, ana, order)
    (lost,) = worker.claim()
    refund = worker.ask(lost) if crash != "claimed" else None
    if crash == "told":
        bank.bring(bank.news[0])
    assert worker.claim() == []
    worker.crash()
    worker.send()
    if crash != "told":
        with database.refuses("lease_lost", 409):
            worker.record(lost, refund)
    assert state(database, order) == ("cancelled", "cancelled_by_buyer", "refunded")
    assert [each.amount for each in bank.refunds.values()] == [1000]
    assert mails(database, order).count("seats_cancelled") == 1


def test_a_group_price_is_recomputed_and_never_asks_for_more(
    database: Database, ana: Person, bank: Bank, worker: Worker
) -> None:
    """Five at 40 % off are 3000. Four are 2400; two cost 2000 again, one 1000."""
    show = events.event(database)
    seat = events.ticket_type(database, show, group_min_quantity=3, group_percent=40)
    order = bought(database, bank, ana, show, line(seat, 5))
    assert [refundable(database, ana, order, *range(number)) for number in (1, 2, 3, 4, 5)] == [
        600,
        1200,
        1000,
        2000,
        3000,
    ]
    went = []
    for place_in_order in range(5):
        before = sum(each.amount for each in bank.refunds.values())
        cancel(database, ana, order, place_in_order)
        worker.send()
        went.append(sum(each.amount for each in bank.refunds.values()) - before)
    assert went == [600, 600, 0, 800, 1000]
    assert state(database, order)[0] == "cancelled"


def test_what_a_code_took_off_does_not_come_back(database: Database, ana: Person, bank: Bank) -> None:
    show = events.event(database)
    events.insert(database, "promotion_codes", organizer_id=show.organizer_id, code="HALF", percent=50)
    order = bought(
        database, bank, ana, show, line(events.ticket_type(database, show), 2), promotion_code="half"
    )
    assert (refundable(database, ana, order, 0), refundable(database, ana, order)) == (500, 1000)


def test_free_seats_go_at_once(database: Database, ana: Person) -> None:
    show = events.event(database)
    order = place(database.person(ana), show, events.ticket_type(database, show, 0), 2)
    database.person(ana).call("begin_checkout", reference=order["reference"])
    cancel(database, ana, order, 1)
    assert events.pool(database, show) == (0, 1)
    cancel(database, ana, order)
    assert (state(database, order)[0], events.pool(database, show)) == ("cancelled", (0, 0))


def test_held_seats_go_together(database: Database, ana: Person) -> None:
    show = events.event(database)
    order = place(database.person(ana), show, events.ticket_type(database, show), 2)
    with database.refuses("cannot_cancel", 409):
        cancel(database, ana, order, 0)
    assert cancel(database, ana, order)["status"] == "cancelled"


def test_only_seats_of_the_order_are_given_up(
    database: Database, ana: Person, zoe: Person, bank: Bank, worker: Worker
) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    order, other = (
        bought(database, bank, ana, show, line(seat, 2)),
        bought(database, bank, zoe, show, line(seat)),
    )
    with database.refuses("attendee_unknown", 422):
        database.person(ana).call(
            "cancel_order",
            reference=order["reference"],
            attendees=[order["attendees"][0]["id"], other["attendees"][0]["id"]],
        )
    cancel(database, ana, order, 0)
    worker.send()
    with database.refuses("attendee_unknown", 422):
        cancel(database, ana, order, 0)
    with database.refuses("not_found", 404):
        cancel(database, zoe, order)


def test_money_that_came_twice_goes_back_before_the_last_seat(
    database: Database, ana: Person, bank: Bank, worker: Worker
) -> None:
    show = events.event(database)
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    cancel(database, ana, order)
    bank.charge(order, "cs_second", 1000)
    assert bank.bring(bank.news[-1])["outcome"] == "paid_twice"
    for each in sorted(worker.claim(), key=lambda refund: refund["reason"] == "paid_twice"):
        worker.record(each, worker.ask(each, FAILED if each["reason"] == "paid_twice" else SUCCEEDED))
    assert state(database, order)[0] == "confirmed"
    cancel(database, ana, order)
    worker.send()
    assert state(database, order) == ("cancelled", "cancelled_by_buyer", "refunded")
    assert sum(each.amount for each in bank.refunds.values()) == 2000


def test_money_that_the_bank_sends_back_is_seen_and_may_be_given_again(
    database: Database, ana: Person, omar: Person, bank: Bank, worker: Worker
) -> None:
    show = events.event(database, organizer_id=events.organizer(database, owner=omar))
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    cancel(database, ana, order)
    worker.send()
    bank.change(next(iter(bank.refunds.values())), FAILED)
    bank.bring(bank.news[-1])
    bank.bring(bank.news[0])  # older news, which is read afresh
    assert state(database, order) == ("cancelled", "cancelled_by_buyer", "paid")
    assert "failed" in [
        each["status"]
        for each in database.person(omar).call("read_order", reference=order["reference"])["payments"]
    ]
    database.person(omar).call("refund_order", reference=order["reference"], reason="Another account")
    worker.send()
    assert state(database, order)[2] == "refunded"
    with database.refuses("cannot_cancel", 409):
        database.person(omar).call("refund_order", reference=order["reference"], reason="Once more")


@pytest.mark.parametrize("early", [False, True])
def test_a_refund_made_in_stripes_dashboard_is_adopted(
    database: Database, ana: Person, bank: Bank, early: bool
) -> None:
    show = events.event(database)
    order = place(database.person(ana), show, events.ticket_type(database, show))
    charge = bank.charge(order, "cs_dashboard", 1000)
    bank.refund(charge.intent, 400)
    for news in list(reversed(bank.news) if early else bank.news):
        bank.bring(news)
    assert state(database, order) == ("confirmed", None, "partially_refunded")
    assert sorted(mails(database, order)) == ["order_confirmed", "payment_refunded"]
    assert refundable(database, ana, order) == 600


def test_a_dashboard_refund_makes_the_one_we_were_about_to_ask_for_void(
    database: Database, ana: Person, bank: Bank, worker: Worker
) -> None:
    show = events.event(database)
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    cancel(database, ana, order)
    bank.refund(next(iter(bank.charges)), 1000)
    bank.bring(bank.news[-1])
    assert state(database, order) == ("cancelled", "cancelled_by_buyer", "refunded")
    assert worker.send() == 0


def test_a_team_refunds_at_any_time_with_a_reason(
    database: Database, ana: Person, omar: Person, bank: Bank, worker: Worker
) -> None:
    show = events.event(database, organizer_id=events.organizer(database, owner=omar))
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show), 2))
    database.move_clock(timedelta(days=30))
    with database.refuses("reason_missing", 422):
        database.person(omar).call("refund_order", reference=order["reference"], reason=" ")
    for cents in (0, 2001):
        with database.refuses("refund_exceeds_payment", 409):
            database.person(omar).call(
                "refund_order", reference=order["reference"], reason="Sorry", amount_cents=cents
            )
    database.person(omar).call("refund_order", reference=order["reference"], reason="Sorry", amount_cents=500)
    assert "payment_refunded" not in mails(database, order)
    worker.send()
    assert (state(database, order)[2], events.pool(database, show)) == ("partially_refunded", (0, 2))
    assert sorted(mails(database, order)) == ["order_confirmed", "payment_refunded"]
    database.person(omar).call("refund_order", reference=order["reference"], reason="No chair left")
    worker.send()
    assert state(database, order) == ("cancelled", "cancelled_by_organizer", "refunded")
    assert sorted(mails(database, order)) == ["order_confirmed", "payment_refunded", "seats_cancelled"]
    assert sum(each.amount for each in bank.refunds.values()) == 2000


@pytest.mark.parametrize(
    ("role", "word"), [("manager", None), ("finance", None), ("door", "not_found"), (None, "not_found")]
)
def test_who_may_refund(
    database: Database, ana: Person, zoe: Person, bank: Bank, role: str | None, word: str | None
) -> None:
    members: dict[str, Any] = {role: zoe} if role else {}
    show = events.event(database, organizer_id=events.organizer(database, **members))
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    arguments = {"reference": order["reference"], "reason": "Sorry", "amount_cents": 1}
    if word:
        with database.refuses(word, 404):
            database.person(zoe).call("refund_order", **arguments)
    else:
        assert database.person(zoe).call("refund_order", **arguments)["status"] == "confirmed"


def test_disputes_are_recorded_once_and_followed(
    database: Database, ana: Person, omar: Person, bank: Bank
) -> None:
    show = events.event(database, organizer_id=events.organizer(database, finance=omar))
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    facts = {
        "dispute_id": "dp_1", "payment_intent_id": next(iter(bank.charges)),
        "amount_cents": 1000, "currency": "eur",
        "reason": "fraudulent", "status": "needs_response", "opened_at": "2026-11-20T12:00:00Z",
    }  # fmt: skip

    def settle(event: str, **changed: Any) -> str:
        answer = database.service().call(
            "settle_dispute",
            stripe_event_id=event,
            event_type="charge.dispute.updated",
            facts={**facts, **changed},
        )
        return str(answer["outcome"])

    assert [settle("evt_1"), settle("evt_1"), settle("evt_2", status="won")] == [
        "recorded",
        "repeated",
        "recorded",
    ]
    assert settle("evt_3", payment_intent_id="pi_unknown") == "unknown_payment"
    assert database.person(omar).rows("select id, status, order_id::text from public.disputes") == [
        ("dp_1", "won", order["id"])
    ]
    assert database.person(ana).rows("select id from public.disputes") == []
    team = database.value("select slug from public.organizers where id = %s", [show.organizer_id])
    (told,) = database.person(omar).call("list_disputes", organizer=team)["disputes"]
    assert (told["id"], told["amount_cents"], told["order_reference"]) == ("dp_1", 1000, order["reference"])
    with database.person(ana).refuses("not_found", 404):
        database.person(ana).call("list_disputes", organizer=team)


def test_nobody_need_look_at_a_refund_that_was_only_told_early(database: Database, bank: Bank) -> None:
    show = events.event(database)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    charge = bank.charge(order, "cs_1", 1000)
    assert bank.refund(charge.intent, 300)
    assert bank.bring(bank.news[1])["outcome"] == "unknown_payment"
    attention = "select what from public.admin_attention"
    assert database.rows(attention) == [("stripe_event_unplaced",)]
    bank.bring(bank.news[0])
    assert database.rows(attention) == []


def test_the_end_of_an_order_tells_of_all_money_that_goes_back_with_it(
    database: Database, ana: Person, omar: Person, bank: Bank
) -> None:
    show = events.event(database, organizer_id=events.organizer(database, owner=omar))
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    database.person(omar).call("refund_order", reference=order["reference"], reason="Sorry", amount_cents=300)
    cancel(database, ana, order)
    Worker(database, bank).send()
    told = database.rows(
        """select kind, (facts ->> 'amount_cents')::integer from public.deliveries
            where kind <> 'order_confirmed'"""
    )
    assert told == [("seats_cancelled", 1000)]
    read = database.person(ana).call("read_order", reference=order["reference"])
    assert read["cancellation"]["refund_cents"] == 1000


def dispute(db: Database, event: str, intent: str, status: str) -> str:
    answer = db.service().call(
        "settle_dispute",
        stripe_event_id=event,
        event_type="charge.dispute.updated",
        facts={
            "dispute_id": "dp_1",
            "payment_intent_id": intent,
            "amount_cents": 1000,
            "currency": "eur",
            "reason": "fraudulent",
            "status": status,
            "opened_at": "2026-11-20T12:00:00Z",
        },
    )
    return str(answer["outcome"])


def test_a_dispute_told_before_its_payment_is_recorded_when_it_is_told_again(
    database: Database, bank: Bank
) -> None:
    show = events.event(database)
    order = place_as_guest(database, show, events.ticket_type(database, show))
    charge = bank.charge(order, "cs_1", 1000)
    unplaced = "select count(*) from public.admin_attention where what = 'stripe_event_unplaced'"
    assert dispute(database, "evt_1", charge.intent, "needs_response") == "unknown_payment"
    assert database.value(unplaced) == 1
    bank.bring(bank.news[0])
    assert dispute(database, "evt_1", charge.intent, "needs_response") == "recorded"
    assert dispute(database, "evt_1", charge.intent, "needs_response") == "repeated"
    assert database.value(unplaced) == 0


@pytest.mark.parametrize("end", ["won", "lost", "warning_closed"])
def test_a_dispute_that_is_over_stays_so_whoever_read_it_before(
    database: Database, ana: Person, bank: Bank, end: str
) -> None:
    show = events.event(database)
    bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    (intent,) = bank.charges
    dispute(database, "evt_2", intent, end)
    dispute(database, "evt_1", intent, "needs_response")
    assert database.value("select status from public.disputes") == end


def test_a_cancellation_is_changed_by_nobody(database: Database, ana: Person, bank: Bank) -> None:
    show = events.event(database)
    order = bought(database, bank, ana, show, line(events.ticket_type(database, show)))
    cancel(database, ana, order)
    row = database.value("select id from public.cancellations where order_id = %s", [order["id"]])
    with database.refuses("illegal_transition", 409):
        events.edit(database, "cancellations", row, refund_cents=1)
