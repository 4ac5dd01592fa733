"""Money by hand of a team: cash and bank transfers, taken and handed back. Every invariant holds for it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.attempts import paying
from tests.sql.by_hand import comp, money, pay, sell
from tests.sql.crowd import Crowd
from tests.sql.events import Event
from tests.sql.orders import HOLD, Order, fail, guest, holding, payment, place, settle, state

INVARIANTS = (Path(__file__).parent / "invariants.sql").read_text()


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team, capacity=3)


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show)


@pytest.fixture(autouse=True)
def _every_invariant_holds(database: Database, show: Event) -> Any:
    yield
    assert database.rows(INVARIANTS, {"events": [show.id]}) == []


@pytest.mark.parametrize("method", ["cash", "bank"])
def test_money_by_hand_confirms_an_order(
    database: Database, finn: Person, show: Event, seat: uuid.UUID, method: str
) -> None:
    order = place(database.visitor(), show, seat, buyer=guest())
    file = pay(database, finn, order, method)
    assert (file["order"]["status"], file["order"]["paid_cents"]) == ("confirmed", 1000)
    assert money(database, order) == [("payment", method, "succeeded", 1000)]
    assert events.pool(database, show) == (0, 1)
    assert "order_confirmed" in [entry.get("what") for entry in file["history"]]
    with database.refuses("already_paid", 409):
        pay(database, finn, order, method)


def test_stripe_is_not_a_hand(database: Database, finn: Person, show: Event, seat: uuid.UUID) -> None:
    order = place(database.visitor(), show, seat, buyer=guest())
    with database.refuses("method_invalid", 422):
        pay(database, finn, order, "stripe")


def test_a_lapsed_order_gets_its_seats_again_if_they_are_free(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, 2, buyer=guest())
    database.move_clock(HOLD)
    database.service().call("expire_holds")
    pay(database, omar, order, "bank")
    assert state(database, order) == ("confirmed", "seated_again", "paid")
    late = place(database.visitor(), show, seat, 1, buyer=guest())
    database.move_clock(2 * HOLD)
    comp(database, omar, show, seat)
    with database.refuses("seats_gone", 409):
        pay(database, omar, late, "bank")
    assert money(database, late) == []


def test_what_is_over_or_under_way_takes_no_money(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, buyer=guest())
    settle(database, payment(database, order, payment_status="unpaid"))
    with database.refuses("payment_processing", 409):
        pay(database, omar, order)
    fail(database, order, "checkout.session.async_payment_failed")
    given_back = place(database.visitor(), show, seat, buyer=guest())
    holding(database, given_back).call("cancel_order", reference=given_back["reference"])
    with database.refuses("cannot_be_paid", 409):
        pay(database, omar, given_back)
    held = place(database.visitor(), show, seat, buyer=guest())
    database.person(omar).call("cancel_event", event_id=show.id, reason="Flood")
    with database.refuses("sale_closed", 409):
        pay(database, omar, held)


def test_money_that_comes_twice_goes_back_through_stripe(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, buyer=guest())
    pay(database, omar, order)
    assert settle(database, payment(database, order)) == "paid_twice"
    (claimed,) = database.service().call("claim_refunds")
    assert claimed["payment_intent_id"]
    database.service().call(
        "record_refund", payment_id=claimed["id"], lease_token=claimed["lease_token"], outcome="succeeded",
        stripe_refund_id="re_1", error=None,
    )  # fmt: skip
    assert state(database, order)[0] == "confirmed"


def test_a_team_hands_back_what_it_took_by_hand(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, 2, buyer=guest())
    pay(database, omar, order)
    refund = {"reference": order["reference"], "reason": "Sorry"}
    database.person(omar).call("refund_order", **refund, amount_cents=500)
    assert money(database, order)[-1] == ("refund", "cash", "succeeded", -500)
    told = database.value("select facts from public.deliveries where kind = 'payment_refunded'")
    assert told == {"amount_cents": 500, "by_hand": True, "paid_twice": False, "reason": "Sorry"}
    database.person(omar).call("refund_order", **refund)
    assert state(database, order) == ("cancelled", "cancelled_by_organizer", "refunded")
    assert events.pool(database, show) == (0, 0)
    assert database.service().call("claim_refunds") == []


def test_a_buyers_seats_go_when_the_team_has_handed_the_money_back(
    database: Database, omar: Person, finn: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, 2, buyer=guest())
    pay(database, finn, order, "bank")
    assert order["can"] == ["pay", "cancel", "name"]
    answer = holding(database, order).call("cancel_order", reference=order["reference"])
    assert answer["cancellation"]["status"] == "refunding"
    assert database.service().call("claim_refunds") == []
    assert database.service().call("job_status")["refunds_due"] == 0
    assert events.pool(database, show) == (0, 2)
    file = database.person(omar).call("read_team_order", reference=order["reference"])
    assert (file["owed_cents"], "hand_back" in file["may"]) == (2000, True)
    team = file["workspace"]["organizer"]["slug"]
    for owing, found in ((True, [order["reference"]]), (False, [])):
        page = database.person(omar).call("list_team_orders", organizer=team, owing=owing)
        assert ([each["reference"] for each in page["orders"]], page["owing"]) == (found, 1)
    file = database.person(finn).call("record_manual_refunds", reference=order["reference"])
    assert (file["order"]["status"], file["owed_cents"]) == ("cancelled", 0)
    assert events.pool(database, show) == (0, 0)
    with database.refuses("nothing_owed", 409):
        database.person(finn).call("record_manual_refunds", reference=order["reference"])


def mails(db: Database, order: Order) -> list[str]:
    rows = db.rows("select kind from public.deliveries where order_id = %s order by ctid", [order["id"]])
    return [kind for (kind,) in rows if kind != "order_confirmed"]


def call_off(db: Database, omar: Person, show: Event) -> list[int]:
    """Called off, and the worker's runs after it: how many orders each settled, until there is none."""
    db.person(omar).call("cancel_event", event_id=show.id, reason="Flood")
    return [db.service().call("settle_cancelled_events")["settled"] for _ in range(2)]


def test_an_event_that_is_called_off_owes_what_was_paid_by_hand_and_tells_at_once(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = sell(database, omar, show, seat)["order"]
    assert call_off(database, omar, show) == [1, 0]
    assert state(database, order)[0] == "confirmed"
    assert mails(database, order) == ["event_cancelled"]
    assert database.value("select settled_at is not null from public.events where id = %s", [show.id])
    database.person(omar).call("record_manual_refunds", reference=order["reference"])
    assert state(database, order) == ("cancelled", "cancelled_by_event", "refunded")
    assert mails(database, order) == ["event_cancelled", "seats_cancelled"]


def test_whoever_was_giving_one_seat_back_is_told_that_the_event_is_off(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, 2, buyer=guest())
    pay(database, omar, order)
    holding(database, order).call(
        "cancel_order", reference=order["reference"], attendees=[order["attendees"][0]["id"]]
    )
    assert call_off(database, omar, show) == [1, 0]
    assert mails(database, order) == ["event_cancelled"]
    file = database.person(omar).call("read_team_order", reference=order["reference"])
    assert file["owed_cents"] == 2000
    database.person(omar).call("record_manual_refunds", reference=order["reference"])
    assert state(database, order) == ("cancelled", "cancelled_by_event", "refunded")
    (amount,) = database.rows(
        "select (facts ->> 'amount_cents')::integer from public.deliveries"
        " where order_id = %s and kind = 'seats_cancelled'",
        [order["id"]],
    )[0]
    assert amount == 2000


def test_money_by_hand_and_through_stripe_at_once_confirms_once(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    show = crowd.event(organizer_id=events.organizer(crowd.owner, owner=omar))
    order = place(crowd.owner.visitor(), show, events.ticket_type(crowd.owner, show), buyer=guest())
    answers = crowd.rush([paying(order), *[lambda db: pay(db, omar, order)] * 3])
    assert sorted(answer for answer in answers if isinstance(answer, str)) in (
        ["already_paid", "already_paid", "already_paid", "confirmed"],
        ["already_paid", "already_paid", "paid_twice"],
    )
    assert crowd.owner.rows(INVARIANTS, {"events": [show.id]}) == []
