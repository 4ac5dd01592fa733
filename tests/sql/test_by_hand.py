"""Orders and money by hand of a team: free seats, cash, bank transfers. They keep every invariant."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.attempts import buying, paying
from tests.sql.crowd import Crowd
from tests.sql.events import Event
from tests.sql.orders import HOLD, Order, fail, guest, holding, line, payment, place, settle, state

INVARIANTS = (Path(__file__).parent / "invariants.sql").read_text()


@pytest.fixture
def finn(database: Database) -> Person:
    """Keeps the books."""
    return database.sign_up("Finn")


@pytest.fixture
def team(database: Database, omar: Person, dora: Person, finn: Person) -> uuid.UUID:
    return events.organizer(database, owner=omar, door=dora, finance=finn)


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


def pay(db: Database, person: Person, order: Order, method: str = "cash") -> Any:
    return db.person(person).call("record_manual_payment", reference=order["reference"], method=method)


def comp(db: Database, person: Person, show: Event, seat: uuid.UUID, quantity: int = 1, **more: Any) -> Any:
    arguments = {"buyer": guest("Gus"), **more}
    return db.person(person).call(
        "create_comp_order", event_id=show.id, lines=[line(seat, quantity)], **arguments
    )


def sell(db: Database, person: Person, show: Event, seat: uuid.UUID, quantity: int = 1, **more: Any) -> Any:
    arguments = {"buyer": guest("Gus"), "method": "cash", **more}
    return db.person(person).call(
        "create_paid_order", event_id=show.id, lines=[line(seat, quantity)], **arguments
    )


def money(db: Database, order: Order) -> list[tuple[str, str, str, int]]:
    return db.rows(
        "select kind, method, status, amount_cents from public.payments"
        " where order_id = %s order by amount_cents desc",
        [order["id"]],
    )


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
    database.person(omar).call("refund_order", **refund)
    assert state(database, order) == ("cancelled", "cancelled_by_organizer", "refunded")
    assert events.pool(database, show) == (0, 0)
    assert database.service().call("claim_refunds") == []


def test_a_buyers_seats_go_when_the_team_has_handed_the_money_back(
    database: Database, omar: Person, finn: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, 2, buyer=guest())
    pay(database, finn, order, "bank")
    assert order["can"] == ["pay", "cancel"]
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


def test_an_event_that_is_called_off_owes_what_was_paid_by_hand(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    order = sell(database, omar, show, seat)["order"]
    database.person(omar).call("cancel_event", event_id=show.id, reason="Flood")
    database.service().call("settle_cancelled_events")
    assert state(database, order)[0] == "confirmed"
    database.person(omar).call("record_manual_refunds", reference=order["reference"])
    assert state(database, order) == ("cancelled", "cancelled_by_event", "refunded")


def test_a_free_seat_costs_nothing_and_is_confirmed(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    file = comp(database, omar, show, seat, 2, note="The speaker’s friends", locale="fr")
    order = file["order"]
    assert (order["status"], order["status_reason"], order["total_cents"]) == ("confirmed", "comp", 0)
    assert (order["subtotal_cents"], order["discount_cents"], order["tax_cents"]) == (2000, 2000, 0)
    assert (order["lines"][0]["applied"], order["locale"], order["payments"]) == (["comp"], "fr", [])
    assert events.pool(database, show) == (0, 2)
    assert [entry["body"] for entry in file["history"] if entry["kind"] == "note"] == [
        "The speaker’s friends"
    ]
    back = database.person(omar).call("prepare_refund", reference=order["reference"])
    assert back["refund_cents"] == 0
    database.person(omar).call("refund_order", reference=order["reference"], reason="Not coming")
    assert events.pool(database, show) == (0, 0)


def test_a_seat_sold_at_the_desk_is_paid(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    with database.refuses("method_invalid", 422):
        sell(database, omar, show, seat, method="stripe")
    order = sell(database, omar, show, seat, 2, method="bank")["order"]
    assert (order["status"], order["paid_cents"], order["total_cents"]) == ("confirmed", 2000, 2000)
    free = events.ticket_type(database, show, 0)
    assert sell(database, omar, show, free)["order"]["status"] == "confirmed"


def test_a_team_is_bound_by_seats_and_not_by_sale_windows(
    database: Database, omar: Person, show: Event
) -> None:
    later = show.starts_at - timedelta(hours=1)
    seat = events.ticket_type(database, show, sale_starts_at=later, max_per_order=1, capacity=2)
    comp(database, omar, show, seat, 2)
    with database.refuses("sold_out", 409) as refusal:
        comp(database, omar, show, seat)
    assert refusal.detail == {"left": 0}
    for number in (0, -1, 101):
        with database.refuses("quantity_out_of_range", 422):
            comp(database, omar, show, seat, number)


def test_the_desk_shows_what_is_left(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, team: uuid.UUID
) -> None:
    slug = database.value("select slug from public.organizers where id = %s", [team])
    desk = database.person(omar).call("read_desk", event_id=show.id, organizer=slug)
    assert [(each["id"], each["left"]) for each in desk["ticket_types"]] == [(str(seat), 3)]
    other = events.organizer(database, owner=omar)
    slug = database.value("select slug from public.organizers where id = %s", [other])
    with database.refuses("not_found", 404):
        database.person(omar).call("read_desk", event_id=show.id, organizer=slug)


def test_those_in_line_come_before_the_teams_friends(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    comp(database, omar, show, seat, 2)
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=2)
    comp(database, omar, show, seat, 1)
    with database.refuses("sold_out", 409):
        comp(database, omar, show, seat, 1)


@pytest.mark.parametrize("status", ["draft", "cancelled", "over"])
def test_seats_are_given_at_events_on_show(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, status: str
) -> None:
    if status == "over":
        database.move_clock(timedelta(days=8))
    else:
        events.edit(database, "events", show.id, status=status)
    with database.refuses("sale_closed", 409):
        comp(database, omar, show, seat)


def test_a_repeated_key_gives_one_order(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    buyer = guest("Gus")
    first = comp(database, omar, show, seat, buyer=buyer, idempotency_key="k-1")
    again = comp(database, omar, show, seat, buyer=buyer, idempotency_key="k-1")
    assert again["order"]["reference"] == first["order"]["reference"]
    assert events.pool(database, show) == (0, 1)
    with database.refuses("idempotency_key_reused", 422):
        sell(database, omar, show, seat, buyer=buyer, idempotency_key="k-1")


def test_only_who_may_gives_seats_and_takes_money(
    database: Database, omar: Person, dora: Person, finn: Person, zoe: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.visitor(), show, seat, buyer=guest())
    for person in (dora, finn):
        with database.refuses("not_permitted", 403):
            comp(database, person, show, seat)
        with database.refuses("not_permitted", 403):
            sell(database, person, show, seat)
    with database.refuses("not_found", 404):
        comp(database, zoe, show, seat)
    for person in (dora, zoe):
        with database.refuses("not_found", 404):
            pay(database, person, order)
    program = database.visitor(
        x_api_key=events.insert_api_key(
            database, show.organizer_id, "events:read", "orders:read", "orders:write"
        )
    )
    with program.refuses("not_permitted", 403):
        program.call("record_manual_payment", reference=order["reference"], method="cash")
    with program.refuses("not_permitted", 403):
        program.call("create_paid_order", event_id=show.id, lines=[line(seat)], buyer=guest(), method="cash")


def test_foreign_seats_and_nobodys_are_refused(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    foreign = events.ticket_type(database, events.event(database))
    with database.refuses("unknown_ticket_type", 422):
        comp(database, omar, show, foreign)
    with database.refuses("buyer_email_invalid", 422):
        comp(database, omar, show, seat, buyer={"name": "Gus"})
    held = place(database.visitor(), show, seat, buyer=guest())
    with database.refuses("address_has_order", 409):
        comp(database, omar, show, seat, buyer=held["buyer"])
    with database.refuses("lines_missing", 422):
        database.person(omar).call("create_comp_order", event_id=show.id, lines=[], buyer=guest())


def test_the_last_seat_is_given_once(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    show = crowd.event(organizer_id=events.organizer(crowd.owner, owner=omar), capacity=1)
    seat = events.ticket_type(crowd.owner, show)
    answers = crowd.rush(
        [lambda db: comp(db, omar, show, seat), lambda db: sell(db, omar, show, seat)] * 3
        + [buying(show, seat) for _ in range(3)]
    )
    assert len([answer for answer in answers if answer != "sold_out"]) == 1


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
