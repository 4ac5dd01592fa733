"""Providers that are down, slow or talking nonsense: said clearly and soon, with nothing half done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from local.settings import free_port
from local.stack import Stack
from services import checkouts, deliveries, refunds
from services.outside import stripe
from services.outside.database import Database as DataAPI
from services.outside.identity import Identity
from services.outside.pool import Pool
from services.refusals import Unavailable
from tests.application import ApiClient, Browser, app_for, settings_for
from tests.between import Between
from tests.database import Database
from tests.jobs import run
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, draft, list_event

NO_JSON = "<html>Bad gateway</html>"


@pytest.fixture
def between(stack: Stack) -> Iterator[Between]:
    with Between(stack.settings.supabase_url).serving() as between:
        yield between


@pytest.fixture
def unlucky(stack: Stack, between: Between) -> APIFlask:
    """The app with something between it and Supabase, and little patience."""
    settings = settings_for(stack, supabase_url=between.url)
    app = app_for(stack, supabase_url=between.url)
    pool = Pool(timeout=httpx.Timeout(0.3))
    impatient = {"database": DataAPI(settings, pool), "identity": Identity(settings, pool)}
    app.extensions["outside"] = replace(app.extensions["outside"], **impatient)
    return app


def assert_away(answer: Any) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    if answer.mimetype == "text/html":
        assert answer.headers["X-Request-Id"] in answer.text
        assert "does not answer" in answer.text
    else:
        assert (answer.mimetype, answer.json["code"]) == ("application/problem+json", "unavailable")


@pytest.mark.parametrize("mood", ["down", "stuck", NO_JSON])
def test_without_supabase_every_page_says_so(
    unlucky: APIFlask, between: Between, mood: str, database: Database
) -> None:
    listing = list_event(database)
    between.moods["*"] = mood
    browser, visitor = Browser(unlucky), ApiClient(unlucky)
    for path in ("/", f"/events/{listing.slug}", "/orders/GC2026-000000"):
        assert_away(browser.get(path))
    for path in ("/events", f"/events/{listing.slug}", "/venues", "/orders/GC2026-000000"):
        assert_away(visitor.get(path))
    assert_away(visitor.post("/orders", draft(listing)))
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/account/sign-in").status_code == 200


def test_answers_of_another_shape_are_a_fault_that_is_said_clearly(
    unlucky: APIFlask, between: Between, database: Database
) -> None:
    listing, visitor = list_event(database), ApiClient(unlucky)
    for nonsense in ("", "null", "[]", "7", '"ok"', "{}", '{"order": 1}'):
        between.moods["*"] = nonsense
        for answer in (visitor.get("/events"), visitor.post("/orders", draft(listing))):
            assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
            assert answer.json["correlation_id"] == answer.headers["X-Request-Id"]
            assert "valid" not in answer.json["detail"]
        page = Browser(unlucky).get(f"/events/{listing.slug}")
        assert page.status_code == 500
        assert page.headers["X-Request-Id"] in page.text


def test_a_supabase_known_to_be_down_slows_nobody(unlucky: APIFlask, between: Between) -> None:
    between.moods["*"] = "stuck"
    for _ in range(5):
        assert_away(Browser(unlucky).get("/"))
    started = time.perf_counter()
    for _ in range(10):
        assert_away(Browser(unlucky).get("/"))
    assert time.perf_counter() - started < 1.0


def test_an_order_whose_answer_was_lost_is_found_again_by_its_key(
    app: APIFlask, unlucky: APIFlask, between: Between, database: Database
) -> None:
    listing = list_event(database, seats=1)
    body, headers = draft(listing), {"Idempotency-Key": "the answer got lost"}
    between.moods["place_order"] = "lost"
    assert_away(ApiClient(unlucky).post("/orders", body, headers=headers))
    assert ApiClient(app).post("/orders", body, headers=headers).status_code == 201
    assert orders_of(database, listing) == 1


@pytest.mark.parametrize("mood", ["down", "lost", NO_JSON])
def test_a_checkout_that_could_not_be_recorded_is_the_same_the_next_time(
    unlucky: APIFlask, between: Between, database: Database, sandbox: Sandbox, mood: str
) -> None:
    gaston = Guest(unlucky)
    order = gaston.hold(list_event(database))
    between.moods["record_checkout"] = mood
    assert_away(gaston.try_checkout())
    between.moods.clear()
    opened = gaston.checkout()
    assert [session["id"] for session in sandbox.sessions_of(order)] == [opened["session_id"]]


@pytest.mark.parametrize("mood", ["down", "lost"])
def test_a_payment_that_could_not_be_settled_is_told_again(
    unlucky: APIFlask, between: Between, database: Database, sandbox: Sandbox, mood: str
) -> None:
    gaston = Guest(unlucky)
    gaston.hold(list_event(database))
    session = gaston.checkout()["session_id"]
    sandbox.pay(session)
    (event,) = sandbox.events_of(session, "checkout.session.completed")
    between.moods["settle_payment"] = mood
    assert_away(sandbox.bring(unlucky, event))
    between.moods.clear()
    assert sandbox.bring(unlucky, event).status_code == 204
    assert gaston.read()["status"] == "confirmed"
    assert len(gaston.read()["payments"]) == 1


@pytest.mark.parametrize(
    ("effect", "how"),
    [
        ("server_error", {"times": None}),
        ("server_error", {"times": None, "moment": "after"}),
        ("rate_limit", {"times": None}),
        ("timeout", {"times": None}),
    ],
)
def test_without_stripe_the_hold_stays_and_paying_works_later(
    app: APIFlask, database: Database, sandbox: Sandbox, effect: str, how: dict[str, Any]
) -> None:
    gaston = Guest(app)
    order = gaston.hold(list_event(database))
    sandbox.spoil(effect, "/v1/checkout/sessions", **how)
    assert_away(gaston.try_checkout())
    assert (gaston.read()["status"], gaston.read()["can"]) == ("pending", ["pay", "cancel", "name"])
    sandbox.clear_faults()
    gaston.checkout()
    assert len(sandbox.sessions_of(order)) == 1


def test_a_failure_that_stripe_keeps_is_asked_for_under_another_key(
    app: APIFlask, database: Database, sandbox: Sandbox
) -> None:
    gaston = Guest(app)
    gaston.hold(list_event(database))
    sandbox.spoil("server_error", "/v1/checkout/sessions", remembered=True)
    assert_away(gaston.try_checkout())
    gaston.checkout()


def test_an_answer_of_stripes_that_got_lost_is_asked_for_again_at_once(
    app: APIFlask, database: Database, sandbox: Sandbox
) -> None:
    gaston = Guest(app)
    order = gaston.hold(list_event(database))
    sandbox.spoil("timeout", "/v1/checkout/sessions", moment="after", times=1)
    opened = gaston.checkout()
    assert [session["id"] for session in sandbox.sessions_of(order)] == [opened["session_id"]]


def test_a_slow_stripe_is_waited_for(app: APIFlask, database: Database, sandbox: Sandbox) -> None:
    gaston = Guest(app)
    gaston.hold(list_event(database))
    sandbox.spoil("slow", "/v1/checkout/sessions", seconds=0.5)
    gaston.checkout()


def test_a_stripe_that_does_not_exist_is_a_clear_page(stack: Stack, database: Database) -> None:
    app = app_for(stack, stripe_api_url=f"http://127.0.0.1:{free_port()}")
    guests = [Guest(app) for _ in range(5)]
    for gaston in guests:
        gaston.hold(list_event(database))
    with ThreadPoolExecutor(5) as crowd:
        for answer in crowd.map(Guest.try_checkout, guests):
            assert_away(answer)
    started = time.perf_counter()
    assert_away(gaston.try_checkout())
    assert time.perf_counter() - started < 0.5
    assert gaston.read()["status"] == "pending"


@pytest.fixture
def paid_twice(app: APIFlask, database: Database, sandbox: Sandbox) -> Guest:
    """Gaston, who is owed 15 EUR."""
    gaston = Guest(app)
    gaston.hold(list_event(database))
    first = gaston.checkout()["session_id"]
    second = sandbox.open_session(metadata={"order_id": gaston.order["id"]})
    for session in (first, second):
        sandbox.pay(session)
        for event in sandbox.events_of(session, "checkout.session.completed"):
            assert sandbox.bring(app, event).status_code == 204
    return gaston


def test_refunds_wait_for_stripe(
    app: APIFlask, database: Database, sandbox: Sandbox, paid_twice: Guest
) -> None:
    sandbox.spoil("timeout", "/v1/refunds", moment="after", times=None)
    send_refunds(app, paid_twice)
    sandbox.clear_faults()
    send_refunds(app, paid_twice)
    assert paid_twice.read()["refunded_cents"] == 0  # not yet due again
    make_refunds_due(database)
    send_refunds(app, paid_twice)
    assert paid_twice.read()["refunded_cents"] == 1500
    assert len(sandbox.refunds_of(paid_twice.order)) == 1


def test_a_refund_that_stripe_fails_holds_up_no_other(
    app: APIFlask, database: Database, sandbox: Sandbox, paid_twice: Guest
) -> None:
    pay_again(app, sandbox, paid_twice)
    sandbox.spoil("server_error", "/v1/refunds", method="POST", times=2)  # once more by Stripe's own library
    assert send_refunds(app, paid_twice) == 2
    assert paid_twice.read()["refunded_cents"] == 1500
    assert send_refunds(app, paid_twice) == 0
    make_refunds_due(database)
    assert send_refunds(app, paid_twice) == 1
    assert paid_twice.read()["refunded_cents"] == 3000


def test_a_stripe_that_rests_puts_no_refund_off(stack: Stack, database: Database, paid_twice: Guest) -> None:
    app = app_for(stack, stripe_api_url=f"http://127.0.0.1:{free_port()}")
    gaston = Guest(app)
    gaston.hold(list_event(database))
    for _ in range(5):
        assert_away(gaston.try_checkout())
    with pytest.raises(Unavailable, match="resting"):
        send_refunds(app, paid_twice)
    assert refunds_of(database, paid_twice) == [("requested", None, True)]


def test_what_does_not_fit_into_the_lease_is_left_for_the_next_time(
    app: APIFlask, sandbox: Sandbox, paid_twice: Guest
) -> None:
    pay_again(app, sandbox, paid_twice)
    sandbox.spoil("slow", "/v1/refunds", seconds=1.1, times=1)
    assert send_refunds(app, paid_twice, lease_seconds=2) == 2
    assert paid_twice.read()["refunded_cents"] == 1500


def test_a_refund_whose_lease_was_lost_holds_up_no_other(
    app: APIFlask, database: Database, sandbox: Sandbox, paid_twice: Guest
) -> None:
    pay_again(app, sandbox, paid_twice)
    sandbox.spoil("slow", "/v1/refunds", seconds=2, times=1)
    with ThreadPoolExecutor(1) as worker:
        sending = worker.submit(send_refunds, app, paid_twice)
        while not take_a_lease_over(database, paid_twice):
            time.sleep(0.01)
        assert sending.result() == 2
    assert paid_twice.read()["refunded_cents"] == 1500
    assert len(sandbox.refunds_of(paid_twice.order)) == 2


def test_a_refund_that_was_tried_before_is_looked_for_when_stripe_has_forgotten_its_key(
    app: APIFlask, database: Database, sandbox: Sandbox
) -> None:
    gaston = Guest(app)
    gaston.buy(list_event(database), sandbox, 2)
    sandbox.spoil("timeout", "/v1/refunds", times=2)
    gaston.cancel(0)
    asked = database.rows(
        """select payment_intent_id, -amount_cents, id::text from public.payments
           where order_id = %s and kind = 'refund'""",
        [gaston.order["id"]],
    )
    ((intent, cents, refund),) = asked
    with app.app_context():  # it was made after all, so long ago that its key is free again
        told = {"order_id": gaston.order["id"], "refund_id": refund}
        stripe.refund(intent, cents, "another key", told)
    make_refunds_due(database)
    send_refunds(app, gaston)
    assert gaston.read()["refunded_cents"] == 1500
    assert len(sandbox.refunds_of(gaston.order)) == 1


def test_a_refund_that_stripe_keeps_failing_is_looked_for_and_asked_for_under_another_key(
    app: APIFlask, sandbox: Sandbox, paid_twice: Guest
) -> None:
    sandbox.spoil("server_error", "/v1/refunds", method="POST", remembered=True)
    with app.app_context():
        refunds.send_due()
    assert paid_twice.read()["refunded_cents"] == 1500
    assert len(sandbox.refunds_of(paid_twice.order)) == 1


@pytest.fixture
def sessions(app: APIFlask, database: Database) -> list[str]:
    """Three that wait to be closed."""
    with app.app_context():
        checkouts.close_due()  # what other tests left behind
    listing = list_event(database)
    opened = []
    for _ in range(3):
        gaston = Guest(app)
        gaston.hold(listing)
        opened.append(gaston.checkout()["session_id"])
        gaston.cancel()
    return opened


def test_a_slow_stripe_does_not_keep_the_other_jobs_waiting(
    app: APIFlask, sandbox: Sandbox, sessions: list[str]
) -> None:
    sandbox.spoil("slow", "/v1/checkout/sessions/*/expire", seconds=1.1, times=None)
    with app.app_context():
        assert checkouts.close_due(lease_seconds=2) == 3
    assert [sandbox.session(session)["status"] for session in sessions].count("expired") == 1


def test_a_session_that_stripe_fails_to_close_holds_up_no_other(
    app: APIFlask, database: Database, sandbox: Sandbox, sessions: list[str]
) -> None:
    for session in sessions[:2]:
        sandbox.spoil("server_error", f"/v1/checkout/sessions/{session}/expire", times=None)
    with app.app_context():
        assert checkouts.close_due() == 3
    assert [sandbox.session(session)["status"] for session in sessions] == ["open", "open", "expired"]
    sandbox.clear_faults()
    database.rows("update public.checkouts set lease_until = now() where status = 'closing'")
    run(app, checkouts.close_due)
    assert {sandbox.session(session)["status"] for session in sessions} == {"expired"}


def pay_again(app: APIFlask, sandbox: Sandbox, gaston: Guest) -> None:
    """Another 15 EUR that he is owed."""
    session = sandbox.open_session(metadata={"order_id": gaston.order["id"]})
    sandbox.pay(session)
    for event in sandbox.events_of(session, "checkout.session.completed"):
        assert sandbox.bring(app, event).status_code == 204


def send_refunds(app: APIFlask, gaston: Guest, **how: Any) -> int:
    """Ask for those of one order: other tests leave theirs behind."""
    with app.app_context():
        return refunds.send_due(reference=gaston.order["reference"], **how)


def make_refunds_due(database: Database) -> None:
    """Let pauses end."""
    database.rows(
        "update public.payments set next_attempt_at = now() where kind = 'refund' and status = 'requested'"
    )


def refunds_of(database: Database, gaston: Guest) -> list[tuple[Any, ...]]:
    """Status, error, and whether it is due, pauses alone considered."""
    return database.rows(
        """select status::text, last_error, next_attempt_at <= now() from public.payments
           where order_id = %s and kind = 'refund'""",
        [gaston.order["id"]],
    )


def take_a_lease_over(database: Database, gaston: Guest) -> bool:
    """Claim what is being asked for, as if its lease had run out."""
    taken = database.rows(
        """update public.payments set lease_token = gen_random_uuid() where id = (
             select id from public.payments
             where order_id = %s and lease_token is not null order by next_attempt_at limit 1
           ) returning id""",
        [gaston.order["id"]],
    )
    return bool(taken)


def test_without_mail_orders_are_confirmed_and_the_mail_follows(
    app: APIFlask, stack: Stack, database: Database
) -> None:
    gaston = Guest(app)
    order = gaston.hold(list_event(database, {"price_cents": 0}))
    assert gaston.try_checkout().status_code == 200
    with app_for(stack, resend_api_url=f"http://127.0.0.1:{free_port()}").app_context():
        deliveries.send_due_deliveries(100)
    assert delivery_of(database, order) == "queued"
    database.rows("update public.deliveries set next_attempt_at = now() where status = 'queued'")
    with app.app_context():
        while deliveries.send_due_deliveries():
            pass
    assert delivery_of(database, order) == "sent"


def delivery_of(database: Database, order: dict[str, Any]) -> Any:
    return database.value("select status::text from public.deliveries where order_id = %s", [order["id"]])


def orders_of(database: Database, listing: Listing) -> Any:
    return database.value("select count(*) from public.orders where event_id = %s", [listing.id])
