"""Giving seats up over the API: refund first, then the seats, then the mail."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.database import Database
from tests.jobs import give_back
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, list_event, signed_in

GROUP = {"group_min_quantity": 3, "group_percent": 20}
DEADLINE = timedelta(days=7) - timedelta(hours=3)  # from now, for an event in a week


@pytest.fixture
def ana(app: APIFlask, stack: Stack, database: Database) -> Guest:
    """Has an account."""
    return signed_in(app, stack, database.sign_up("Ana"))


def quote(buyer: Guest, *seats: int) -> Any:
    chosen = ",".join(buyer.order["attendees"][seat]["id"] for seat in seats)
    return buyer.get(f"/orders/{buyer.order['reference']}/cancellation?attendees={chosen}" if seats else
                     f"/orders/{buyer.order['reference']}/cancellation").json  # fmt: skip


def left(buyer: Guest, listing: Listing) -> int:
    return int(buyer.get(f"/events/{listing.id}/availability").json["left"])


def mails(database: Database, order: dict[str, Any]) -> list[str]:
    kinds = "select kind from public.deliveries where order_id = %s order by created_at, kind"
    return [kind for (kind,) in database.rows(kinds, [order["id"]])]


def test_what_comes_back_is_told_beforehand(ana: Guest, database: Database, sandbox: Sandbox) -> None:
    order = ana.buy(list_event(database, GROUP), sandbox, 3)
    answer = quote(ana)
    assert (answer["possible"], answer["refusal"]) == (True, None)
    assert (answer["refund_cents"], answer["paid_cents"], answer["currency"]) == (3600, 3600, "EUR")
    assert answer["until"] == order["cancellable_until"]
    assert answer["attendees"] == [seat["id"] for seat in order["attendees"]]
    assert answer["_links"]["cancel"]["href"] == f"/api/v1/orders/{order['reference']}/cancellation"
    assert quote(ana, 0)["refund_cents"] == 600  # two seats have no group price
    assert quote(ana, 0, 2)["refund_cents"] == 2100


def test_a_whole_order_is_refunded_and_gives_its_seats_back(
    ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database)
    order = ana.buy(listing, sandbox, 2)
    assert left(ana, listing) == 18
    answer = ana.cancel()
    assert answer.status_code == 200
    assert (answer.json["cancelled"], answer.json["refunded"], answer.json["refunded_cents"]) == (
        True,
        True,
        3000,
    )
    assert answer.json["message"]
    assert answer.json["order"]["status"] == "cancelled"
    assert answer.json["order"]["can"] == []
    assert "cancellation" not in answer.json["order"]["_links"]
    assert left(ana, listing) == 20
    assert [refund["amount"] for refund in sandbox.refunds_of(order)] == [3000]
    assert mails(database, order) == ["order_confirmed", "seats_cancelled"]
    assert database.service().call("check_pools") == []


def test_one_seat_of_a_group_is_refunded_at_what_the_others_now_cost(
    ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database, GROUP)
    order = ana.buy(listing, sandbox, 3)
    assert ana.cancel(1).json["refunded_cents"] == 600
    now = ana.read()
    assert (now["status"], now["payment_status"], now["refunded_cents"]) == (
        "confirmed",
        "partially_refunded",
        600,
    )
    assert [bool(seat["cancelled_at"]) for seat in now["attendees"]] == [False, True, False]
    assert ana.cancel(0, 2).json["refunded_cents"] == 3000
    assert (ana.read()["status"], ana.read()["payment_status"]) == ("cancelled", "refunded")
    assert sorted(refund["amount"] for refund in sandbox.refunds_of(order)) == [600, 3000]
    assert left(ana, listing) == 20


@pytest.mark.parametrize(("before", "status"), [(timedelta(seconds=5), 200), (timedelta(0), 409)])
def test_three_hours_before_the_start_it_is_too_late(
    ana: Guest, database: Database, sandbox: Sandbox, before: timedelta, status: int
) -> None:
    ana.buy(list_event(database), sandbox)
    database.move_clock(DEADLINE - before)
    answer = ana.cancel()
    assert answer.status_code == status
    if status == 409:
        assert answer.json["code"] == "cancellation_deadline_passed"
        assert quote(ana)["refusal"] == "cancellation_deadline_passed"
        assert "cancel" not in quote(ana)["_links"]
        assert ana.read()["can"] == ["name"]


def test_seats_that_cost_nothing_are_given_up_at_once(
    ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    order = ana.hold(list_event(database, {"price_cents": 0}), 2)
    assert ana.try_checkout().status_code == 200
    answer = ana.cancel(0).json
    assert (answer["cancelled"], answer["refunded"], answer["refunded_cents"]) == (True, False, 0)
    assert sandbox.refunds_of(order) == []


def test_a_held_order_is_given_back_without_a_refund(
    ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    ana.hold(list_event(database))
    answer = ana.cancel().json
    assert (answer["cancelled"], answer["order"]["status_reason"]) == (True, "given_back")


def test_what_cannot_be_cancelled_says_why(
    app: APIFlask, ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    order = ana.buy(list_event(database), sandbox)
    reference = order["reference"]
    path = f"/orders/{reference}/cancellation"
    wrong = ana.post(path, {"attendees": [str(uuid.uuid4())]})
    assert (wrong.status_code, wrong.json["code"]) == (422, "attendee_unknown")
    assert ana.post(path, {"attendees": ["x"]}).status_code == 422
    assert ana.post(path, {"attendees": []}).status_code == 422
    stranger = Guest(app).post(path, {})
    assert (stranger.status_code, stranger.json["code"]) == (404, "not_found")
    assert Guest(app).get(path).status_code == 404
    assert ana.cancel().status_code == 200
    again = ana.cancel()
    assert (again.status_code, again.json["code"]) == (409, "already_cancelled")


def test_a_payment_under_way_cannot_be_cancelled(
    app: APIFlask, ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    ana.hold(list_event(database))
    session = ana.checkout()["session_id"]
    sandbox.pay_later(session)
    for event in sandbox.events_of(session, "checkout.session.completed"):
        sandbox.bring(app, event)
    answer = ana.cancel()
    assert (answer.status_code, answer.json["code"]) == (409, "payment_processing")


def test_a_guest_cancels_with_the_secret_of_the_order(
    app: APIFlask, database: Database, sandbox: Sandbox
) -> None:
    gaston = Guest(app)
    gaston.buy(list_event(database), sandbox)
    assert gaston.cancel().json["cancelled"] is True


def test_a_refund_that_stripe_refuses_leaves_everything_as_it_was(
    ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database)
    ana.hold(listing, 2)
    sandbox.give_back(
        ana.pay(sandbox)
    )  # in Stripe's dashboard: nothing is left to refund, we do not know yet
    answer = ana.cancel()
    assert (answer.json["cancelled"], answer.json["refunded"]) == (False, False)
    order = ana.read()
    assert (order["status"], order["payment_status"]) == ("confirmed", "paid")
    assert order["cancellation"]["status"] == "failed"
    assert left(ana, listing) == 18
    assert "refund_failed" in mails(database, order)
    assert order["can"] == ["cancel", "name"]


def test_while_stripe_is_away_the_cancellation_waits_and_is_done_once(
    app: APIFlask, ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database)
    order = ana.buy(listing, sandbox, 2)
    sandbox.spoil("server_error", "/v1/refunds", times=None)
    answer = ana.cancel().json
    assert (answer["cancelled"], answer["refunded"]) == (False, False)
    assert answer["order"]["cancellation"]["status"] == "refunding"
    again = ana.cancel()
    assert (again.status_code, again.json["code"]) == (409, "cancellation_under_way")
    assert left(ana, listing) == 18
    sandbox.clear_faults()
    let_leases_lapse(database, order)
    give_back(app)
    assert ana.read()["status"] == "cancelled"
    assert [refund["amount"] for refund in sandbox.refunds_of(order)] == [3000]
    assert left(ana, listing) == 20


def test_stripe_answering_too_late_refunds_once(
    app: APIFlask, ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    order = ana.buy(list_event(database), sandbox)
    sandbox.spoil("timeout", "/v1/refunds", moment="after", times=3)
    assert ana.cancel().json["cancelled"] is False
    sandbox.clear_faults()
    let_leases_lapse(database, order)
    give_back(app)
    assert ana.read()["status"] == "cancelled"
    assert len(sandbox.refunds_of(order)) == 1


def test_a_refund_that_fails_later_at_the_bank_is_seen(
    app: APIFlask, ana: Guest, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database)
    order = ana.buy(listing, sandbox)
    ana.cancel()
    (refund,) = sandbox.refunds_of(order)
    sandbox.fail_refund(refund["id"])
    for event in sandbox.events_about(refund["id"]):
        assert sandbox.bring(app, event).status_code == 204
    now = ana.read()
    assert (now["status"], now["payment_status"], now["refunded_cents"]) == ("cancelled", "paid", 0)
    assert [row["status"] for row in now["payments"] if row["kind"] == "refund"] == ["failed"]
    assert left(ana, listing) == 20


@pytest.mark.parametrize(("amount", "payment_status"), [(None, "refunded"), (500, "partially_refunded")])
def test_a_refund_made_in_stripes_dashboard_is_noticed(
    app: APIFlask, ana: Guest, database: Database, sandbox: Sandbox, amount: int | None, payment_status: str
) -> None:
    ana.hold(list_event(database))
    refund = sandbox.give_back(ana.pay(sandbox), amount)
    for event in sandbox.events_about(refund) * 2:
        assert sandbox.bring(app, event).status_code == 204
    now = ana.read()
    assert (now["status"], now["payment_status"]) == ("confirmed", payment_status)
    assert now["refunded_cents"] == (amount or 1500)
    assert quote(ana)["refund_cents"] == 1500 - (amount or 1500)


def let_leases_lapse(database: Database, order: dict[str, Any]) -> None:
    """As if the worker that held the refund had been gone for a while."""
    database.rows(
        """update public.payments set lease_until = now(), next_attempt_at = now()
           where order_id = %s and kind = 'refund'""",
        [order["id"]],
    )
