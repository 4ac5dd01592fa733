"""Ticket types by their forms."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database, Person
from tests.pages.html import Page
from tests.selling import Listing, list_event, sign_in
from tests.sql.events import insert, organizer


@pytest.fixture
def omar(database: Database) -> Person:
    return database.sign_up("Omar")


@pytest.fixture
def team(database: Database, omar: Person) -> uuid.UUID:
    return organizer(database, "Tandem", owner=omar)


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team)


@pytest.fixture
def types(database: Database, team: uuid.UUID, listing: Listing) -> str:
    """Where the ticket types are."""
    slug = database.value("select slug from public.organizers where id = %s", [team])
    return f"/manage/{slug}/events/{listing.id}/ticket-types"


@pytest.fixture
def browser(app: APIFlask, stack: Stack, omar: Person) -> Browser:
    """Omar's."""
    return sign_in(Browser(app), stack, omar)


def add(browser: Browser, types: str, **typed: Any) -> Any:
    form = Page(browser.get(f"{types}/new")).form(types)
    return form.send(browser, **{"name": "Balcony", "price": "9,50", **typed})


def test_a_type_is_added_edited_and_put_first(
    browser: Browser, types: str, listing: Listing, database: Database
) -> None:
    assert add(browser, types).status_code == 303
    page = Page(browser.get(types))
    assert "€9.50" in page.words
    (edit,) = (
        link
        for link in page.links()
        if link.startswith(f"{types}/") and listing.ticket_type not in link and "new" not in link
    )
    (up,) = (form for form in page.forms if form.action == f"{types}/order")
    up.send(browser, order=f"{edit.rpartition('/')[2]} {listing.ticket_type}")
    assert Page(browser.get(types)).links().index(edit) < Page(browser.get(types)).links().index(
        f"{types}/{listing.ticket_type}"
    )
    saved = (
        Page(browser.get(edit))
        .form(edit)
        .send(browser, price="12", group_min_quantity="3", group_percent="10")
    )
    assert "10% off each from 3 seats." in Page(browser.get(saved.location)).words
    deleted = Page(browser.get(edit)).form(f"{edit}/deletion").send(browser)
    assert "Balcony" not in Page(browser.get(deleted.location)).words.replace("deleted", "")


def test_an_order_of_nonsense_changes_nothing(browser: Browser, types: str) -> None:
    add(browser, types)
    after = Page(browser.get(types))
    form = next(form for form in after.forms if form.action == f"{types}/order")
    for nonsense in ("x" * 36, "1 2 3", "", "-" * 4000):
        assert form.send(browser, order=nonsense).status_code == 303
    assert Page(browser.get(types)).links() == after.links()


def test_everything_wrong_is_said_beside_its_field(browser: Browser, types: str) -> None:
    wrong = {
        "name": "",
        "price": "dear",
        "early_bird_price": "5",
        "group_percent": "some",
        "capacity": "9999",
        "sale_starts_at": "2027-03-28T02:30",
    }
    answer = add(browser, types, **wrong)
    page = Page(answer)
    assert answer.status_code == 422
    for field in ("name", "price", "early_bird_until", "group_percent", "capacity", "sale_starts_at"):
        assert f"{field}-error" in page.said_of(field)
    assert page.elements["price"]["value"] == "dear"


def test_the_second_of_two_is_told_and_keeps_what_they_typed(
    browser: Browser, types: str, listing: Listing, database: Database
) -> None:
    at = f"{types}/{listing.ticket_type}"
    form = Page(browser.get(at)).form(at)
    other = Page(browser.get(at)).form(at)
    assert other.send(browser, price="20", name="Chair").status_code == 303
    refused = form.send(browser, price="18")
    assert refused.status_code == 409
    page = Page(refused)
    assert "Omar wrote here: 20" in page.words
    assert (page.elements["price"]["value"], page.elements["name"]["value"]) == ("18", "Chair")
    assert page.form(at).send(browser).status_code == 303
    assert database.rows(
        "select price_cents, name from public.ticket_types where id = %s", [listing.ticket_type]
    ) == [(1800, "Chair")]


def test_what_is_typed_is_priced_before_it_is_saved(browser: Browser, types: str) -> None:
    until = f"{datetime.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    asked = f"price=10&early_bird_price=8&early_bird_until={until}&currency=EUR&name=x"
    shown = Page(browser.get(f"{types}/preview?{asked}"))
    for amount in ("€8.00", "€24.00", "€40.00", "€10.00", "€30.00", "€50.00"):
        assert amount in shown.words
    assert "as soon as the prices are complete" in Page(browser.get(f"{types}/preview?price=x")).words


def test_opening_the_pages_costs_one_call(browser: Browser, types: str, listing: Listing) -> None:
    for path in (
        types,
        f"{types}/new",
        f"{types}/{listing.ticket_type}",
        f"{types}/preview?price=5&currency=EUR",
    ):
        with calls_counted() as calls:
            assert browser.get(path).status_code == 200
        assert calls == {"database": 1}


def test_types_of_other_events_are_not_here(browser: Browser, types: str, database: Database) -> None:
    foreign = list_event(database)
    assert browser.get(f"{types}/{foreign.ticket_type}").status_code == 404
    assert browser.get(types.replace(types.split("/")[-2], foreign.id)).status_code == 404


def test_a_hidden_type_is_bought_by_its_code(
    app: APIFlask, browser: Browser, types: str, listing: Listing
) -> None:
    assert add(browser, types, access_code="friends", price="5").status_code == 303
    assert "hidden, with FRIENDS" in Page(browser.get(types)).words
    visitor = Browser(app)
    shown = Page(visitor.get(f"/events/{listing.slug}"))
    assert "Balcony" not in shown.words
    page = Page(visitor.get(f"/events/{listing.slug}?code=+friends+&quantity[{listing.ticket_type}]=3"))
    assert page.elements[f"quantity[{listing.ticket_type}]"]["value"] == "3"
    assert "It counts here." in page.words
    assert "Balcony" in page.words
    chosen = page.form(f"/events/{listing.slug}/orders/new")
    (hidden,) = (
        name for name in chosen.fields if name.startswith("quantity[") and listing.ticket_type not in name
    )
    form = Page(chosen.send(visitor, **{hidden: "1", f"quantity[{listing.ticket_type}]": "0"}))
    assert "Balcony" in form.words
    order = form.form(f"/events/{listing.slug}/orders")
    assert order.fields["promotion_code"] == ["friends"]
    placed = order.send(visitor, buyer_name="Gus", buyer_email="gus@example.org")
    assert "/orders/GC" in placed.location


def test_the_door_reads_no_word_that_opens_anything(
    app: APIFlask, stack: Stack, database: Database, team: uuid.UUID, browser: Browser, types: str
) -> None:
    assert add(browser, types, access_code="friends", price="5").status_code == 303
    assert "hidden, with FRIENDS" in Page(browser.get(types)).words
    dora = database.sign_up("Dora")
    insert(database, "organizer_members", organizer_id=team, user_id=dora.id, role="door")
    seen = sign_in(Browser(app), stack, dora).get(types)
    assert ("FRIENDS" in seen.text, "hidden" in Page(seen).words) == (False, True)
    assert "/promotion-codes" not in seen.text


def test_an_event_for_friends_alone_asks_for_their_code(database: Database, browser: Browser) -> None:
    hidden = list_event(database, {"access_code": "FRIENDS", "name": "Balcony"})
    page = Page(browser.get(f"/events/{hidden.slug}"))
    assert "Tickets are sold to whoever has a code." in page.words
    asked = page.form(f"/events/{hidden.slug}")
    wrong = Page(asked.send(browser, code="foes"))
    assert "We do not know this code for this event." in wrong.words
    assert wrong.elements["code"]["aria-invalid"] == "true"
    assert "Balcony" in Page(asked.send(browser, code="friends")).words
