"""A purchase through the pages, without any script running, and the ways it can go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.buying import (
    GASTON,
    come_back,
    hold,
    look,
    order_form,
    path_of,
    pay_form,
    to_checkout,
)
from tests.pages.html import Page
from tests.sandbox import Sandbox
from tests.selling import list_event, sign_in, some_email


@pytest.fixture
def ana(app: APIFlask, stack: Stack, database: Database) -> Browser:
    """The browser of someone who is signed in."""
    return sign_in(Browser(app), stack, database.sign_up("Ana"))


def test_a_guest_holds_pays_and_is_confirmed(browser: Browser, database: Database, sandbox: Sandbox) -> None:
    listing = list_event(database, title="Sourdough for night owls")
    email = some_email()
    order = hold(browser, listing, 2, buyer_email=email)
    held = Page(browser.get(order))
    assert "Two seats are held for you until" in held.words
    assert email in held.words
    session = to_checkout(browser, order)
    assert sandbox.session(session)["amount_total"] == 3000
    sandbox.pay(session)
    confirmed = come_back(browser, order, session)
    assert "Two seats are yours." in confirmed.words
    assert "Sourdough for night owls" in confirmed.words
    assert not [form for form in confirmed.forms if "/orders/" in form.action]


def test_the_whole_way_costs_five_requests_and_few_calls(
    ana: Browser, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database)
    with calls_counted() as calls:
        choice = Page(ana.get(f"/events/{listing.slug}")).form(f"/events/{listing.slug}/orders/new")
        form = choice.send(ana, **{f"quantity[{listing.ticket_type}]": 1})
        placed = Page(form).form(f"/events/{listing.slug}/orders").send(ana)
        pay = Page(ana.get(placed.location)).form(f"{path_of(placed)}/checkout")
        assert pay.send(ana).status_code == 303
    assert calls == {"database": 1 + 1 + 1 + 1 + 2, "stripe": 1}


def test_a_signed_in_buyer_finds_the_order_among_theirs(
    ana: Browser, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database, title="Rye and shine")
    order = hold(ana, listing)
    session = to_checkout(ana, order)
    sandbox.pay(session)
    come_back(ana, order, session)
    with calls_counted() as calls:
        mine = Page(ana.get("/orders"))
    assert calls == {"database": 1}
    assert "Coming up Rye and shine" in mine.words
    assert " Over " not in mine.words
    assert order in mine.links()
    page = Page(ana.get(f"/events/{listing.slug}"))
    assert "You are already coming to this." in page.words
    assert order in page.links()
    assert page.form(f"/events/{listing.slug}/orders/new")


def test_orders_that_are_over_stand_apart(ana: Browser, database: Database) -> None:
    coming = hold(ana, list_event(database))
    over = hold(ana, list_event(database))
    assert Page(ana.get(over)).form(f"{over}/cancellation").send(ana).status_code == 303
    words = Page(ana.get("/orders")).words
    places = [words.index(part) for part in ("Coming up", coming[8:], " Over ", over[8:])]
    assert places == sorted(places)


def test_a_free_event_is_confirmed_at_once(browser: Browser, database: Database) -> None:
    order = hold(browser, list_event(database, {"price_cents": 0}))
    assert "One seat is yours." in Page(browser.get(order)).words


def test_the_form_sent_twice_is_one_order(browser: Browser, database: Database) -> None:
    listing = list_event(database)
    form, typed = order_form(browser, listing), {**GASTON, "buyer_email": some_email()}
    first, second = form.send(browser, **typed), form.send(browser, **typed)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert database.value("select count(*) from public.orders where event_id = %s", [listing.id]) == 1


def test_a_declined_card_is_told_and_the_hold_is_kept(
    app: APIFlask, browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    order = hold(browser, list_event(database))
    session = to_checkout(browser, order)
    for left in ("2 more times", "1 more time."):
        sandbox.decline(session)
        sandbox.bring(app, sandbox.events_of(session, "payment_intent.payment_failed")[-1])
        page = Page(browser.get(order))
        assert "The payment did not go through. No money was taken" in page.words
        assert f"You can try {left}" in page.words
        assert "Try again: pay" in page.words
    assert to_checkout(browser, order) == session
    sandbox.pay(session)
    assert "One seat is yours." in come_back(browser, order, session).words


def test_the_third_decline_ends_the_order(
    app: APIFlask, browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    order = hold(browser, list_event(database))
    again = pay_form(browser, order)
    session = to_checkout(browser, order)
    for _ in range(3):
        sandbox.decline(session)
        sandbox.bring(app, sandbox.events_of(session, "payment_intent.payment_failed")[-1])
    assert "This order is cancelled." in Page(browser.get(order)).words
    answer = again.send(browser)
    assert path_of(answer) == order
    assert "Three payments have failed" in look(browser, answer).words


def test_a_bank_that_takes_its_time_is_waited_for(
    browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    order = hold(browser, list_event(database))
    session = to_checkout(browser, order)
    sandbox.pay_later(session)
    page = come_back(browser, order, session)
    assert "Your payment is under way" in page.words
    assert [form for form in page.forms if "/orders/" in form.action] == []


def test_a_lapsed_hold_is_told_and_leads_back_to_the_seats(
    browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database, seats=1)
    order = hold(browser, listing)
    pay = pay_form(browser, order)
    database.move_clock(timedelta(minutes=15))
    lapsed = Page(browser.get(order))
    assert "The time to pay is over." in lapsed.words
    assert f"/events/{listing.slug}#tickets" in lapsed.links()
    refused = pay.send(browser)
    assert path_of(refused) == order
    assert "The hold has lapsed" in look(browser, refused).words
    again = hold(browser, listing)
    assert again != order
    assert "One seat is held for you" in Page(browser.get(again)).words


def test_seats_can_be_given_back(browser: Browser, database: Database) -> None:
    listing = list_event(database, seats=1)
    order = hold(browser, listing)
    give_back = Page(browser.get(order)).form(f"{order}/cancellation")
    page = look(browser, give_back.send(browser))
    assert "The seats are given back." in page.words
    assert "This order is cancelled." in page.words
    twice = look(browser, give_back.send(browser))
    assert "This order is cancelled already." in twice.words
    assert hold(browser, listing)


def test_who_holds_seats_already_is_led_to_them(ana: Browser, database: Database) -> None:
    listing = list_event(database)
    other_tab = order_form(ana, listing)
    order = hold(ana, listing)
    page = Page(ana.get(f"/events/{listing.slug}"))
    assert "Seats are held for you until" in page.words
    assert order in page.links()
    assert not [form for form in page.forms if form.action.startswith(f"/events/{listing.slug}")]
    answer = other_tab.send(ana)
    assert (answer.status_code, path_of(answer)) == (303, order)
    assert "You already have an order here." in look(ana, answer).words


def test_a_guest_who_holds_seats_already_is_told_no_more(browser: Browser, database: Database) -> None:
    listing, email = list_event(database), some_email()
    order = hold(browser, listing, buyer_email=email)
    answer = order_form(browser, listing).send(browser, **GASTON, buyer_email=email)
    assert answer.status_code == 409
    page = Page(answer)
    assert "You already have an order that is not finished." in page.words
    assert order.rpartition("/")[2] not in answer.text


def test_the_last_seat_goes_to_one_and_the_other_is_told(
    app: APIFlask, browser: Browser, database: Database
) -> None:
    listing, faster = list_event(database, seats=1), Browser(app)
    form = order_form(browser, listing)
    hold(faster, listing)
    answer = form.send(browser, buyer_name="Léa", buyer_email="lea@example.org")
    assert answer.status_code == 409
    assert "Someone was faster: no seats are left. Those that others give back go" in Page(answer).words
    assert Page(answer).words.count("no seats are left") == 1
    assert "No seats are left." not in Page(answer).words
    assert Page(browser.get(f"/events/{listing.slug}")).words.count("Sold out")


def test_who_comes_back_while_stripe_is_away_is_not_asked_to_pay_again(
    app: APIFlask, browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    order = hold(browser, list_event(database))
    session = to_checkout(browser, order)
    sandbox.pay(session)
    sandbox.spoil("server_error", "/v1/checkout/sessions/*", times=None)
    page = come_back(browser, order, session)
    assert "Your payment is under way" in page.words
    assert [form for form in page.forms if form.action.endswith("/checkout")] == []
    sandbox.clear_faults()
    for event in sandbox.events_of(session):
        sandbox.bring(app, event)
    assert "One seat is yours." in Page(browser.get(order)).words


def test_who_comes_back_with_a_made_up_session_sees_the_order_as_it_is(
    browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    order = hold(browser, list_event(database))
    for session in ("cs_test_nowhere", "", "../../etc", "cs_%00", "é"):
        answer = browser.get(f"{order}/payment?session_id={session}")
        assert path_of(answer) == order
    assert "is held for you until" in Page(browser.get(order)).words


def test_another_orders_session_is_not_settled_by_coming_back_with_it(
    app: APIFlask, browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    listing, zoe = list_event(database), Browser(app)
    order, zoes = hold(browser, listing), hold(zoe, listing)
    session = to_checkout(browser, order)
    sandbox.pay(session)
    assert "is held for you until" in come_back(zoe, zoes, session).words
    assert "is held for you until" in Page(browser.get(order)).words


def test_stripe_is_asked_for_those_alone_who_may_see_the_order(
    app: APIFlask, browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    order = hold(browser, list_event(database))
    session = to_checkout(browser, order)
    sandbox.pay(session)
    with calls_counted() as calls:
        assert path_of(Browser(app).get(f"{order}/payment?session_id={session}")) == order
    assert calls == {"database": 1}
    with calls_counted() as calls:
        browser.get(f"{order}/payment?session_id={session}")
    assert calls == {"database": 2, "stripe": 1}


def test_one_address_comes_back_sixty_times_a_minute(browser: Browser) -> None:
    path = "/orders/GC2026-000000/payment"
    assert {browser.get(path).status_code for _ in range(60)} == {303}
    assert browser.get(path).status_code == 429


def test_one_address_tries_as_many_codes_as_it_may_read_events(browser: Browser) -> None:
    path = "/events/nothing-here/orders/new?promotion_code=GUESS"
    assert {browser.get(path).status_code for _ in range(120)} == {404}
    assert browser.get(path).status_code == 429


def test_paying_while_stripe_is_away_is_a_clear_page(
    browser: Browser, database: Database, sandbox: Sandbox
) -> None:
    order = hold(browser, list_event(database))
    pay = pay_form(browser, order)
    sandbox.spoil("server_error", "/v1/checkout/sessions", times=None)
    answer = pay.send(browser)
    assert answer.status_code == 503
    assert "Seats that are held for you stay held" in Page(answer).words
    sandbox.clear_faults()
    assert pay.send(browser).status_code == 303
