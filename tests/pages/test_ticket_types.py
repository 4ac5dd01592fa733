"""Ticket types by their forms."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import Listing, list_event


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, organizer_id=team)


@pytest.fixture
def types(workspace: str, listing: Listing) -> str:
    """Where the ticket types are."""
    return f"{workspace}/events/{listing.id}/ticket-types"


def add(browser: Browser, types: str, **typed: Any) -> Any:
    form = Page(browser.get(f"{types}/new")).form(types)
    return form.send(browser, **{"name": "Balcony", "price": "9,50", **typed})


def test_a_type_is_added_edited_and_put_first(
    omar: Browser, types: str, listing: Listing, database: Database
) -> None:
    assert add(omar, types).status_code == 303
    page = Page(omar.get(types))
    assert "€9.50" in page.words
    (edit,) = (
        link
        for link in page.links()
        if link.startswith(f"{types}/") and listing.ticket_type not in link and "new" not in link
    )
    (up,) = (form for form in page.forms if form.action == f"{types}/order")
    up.send(omar, order=f"{edit.rpartition('/')[2]} {listing.ticket_type}")
    assert Page(omar.get(types)).links().index(edit) < Page(omar.get(types)).links().index(
        f"{types}/{listing.ticket_type}"
    )
    saved = Page(omar.get(edit)).form(edit).send(omar, price="12", group_min_quantity="3", group_percent="10")
    assert "10% off each from 3 seats." in Page(omar.get(saved.location)).words
    deleted = Page(omar.get(edit)).form(f"{edit}/deletion").send(omar)
    assert "Balcony" not in Page(omar.get(deleted.location)).words.replace("deleted", "")


def test_an_order_of_nonsense_changes_nothing(omar: Browser, types: str) -> None:
    add(omar, types)
    after = Page(omar.get(types))
    form = next(form for form in after.forms if form.action == f"{types}/order")
    for nonsense in ("x" * 36, "1 2 3", "", "-" * 4000):
        assert form.send(omar, order=nonsense).status_code == 303
    assert Page(omar.get(types)).links() == after.links()


def test_everything_wrong_is_said_beside_its_field(omar: Browser, types: str) -> None:
    wrong = {
        "name": "",
        "price": "dear",
        "early_bird_price": "5",
        "group_percent": "some",
        "capacity": "9999",
        "sale_starts_at": "2027-03-28T02:30",
    }
    answer = add(omar, types, **wrong)
    page = Page(answer)
    assert answer.status_code == 422
    for field in ("name", "price", "early_bird_until", "group_percent", "capacity", "sale_starts_at"):
        assert f"{field}-error" in page.said_of(field)
    assert page.elements["price"]["value"] == "dear"


def test_the_second_of_two_is_told_and_keeps_what_they_typed(
    omar: Browser, types: str, listing: Listing, database: Database
) -> None:
    at = f"{types}/{listing.ticket_type}"
    form = Page(omar.get(at)).form(at)
    other = Page(omar.get(at)).form(at)
    assert other.send(omar, price="20", name="Chair").status_code == 303
    refused = form.send(omar, price="18")
    assert refused.status_code == 409
    page = Page(refused)
    assert "Omar wrote here: 20" in page.words
    assert (page.elements["price"]["value"], page.elements["name"]["value"]) == ("18", "Chair")
    assert page.form(at).send(omar).status_code == 303
    assert database.rows(
        "select price_cents, name from public.ticket_types where id = %s", [listing.ticket_type]
    ) == [(1800, "Chair")]


def test_what_is_typed_is_priced_before_it_is_saved(omar: Browser, types: str) -> None:
    until = f"{datetime.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    asked = f"price=10&early_bird_price=8&early_bird_until={until}&currency=EUR&name=x"
    shown = Page(omar.get(f"{types}/preview?{asked}"))
    for amount in ("€8.00", "€24.00", "€40.00", "€10.00", "€30.00", "€50.00"):
        assert amount in shown.words
    assert "as soon as the prices are complete" in Page(omar.get(f"{types}/preview?price=x")).words


def test_opening_the_pages_costs_one_call(omar: Browser, types: str, listing: Listing) -> None:
    for path in (
        types,
        f"{types}/new",
        f"{types}/{listing.ticket_type}",
        f"{types}/preview?price=5&currency=EUR",
    ):
        with calls_counted() as calls:
            assert omar.get(path).status_code == 200
        assert calls == {"database": 1}


def test_types_of_other_events_are_not_here(omar: Browser, types: str, database: Database) -> None:
    foreign = list_event(database)
    assert omar.get(f"{types}/{foreign.ticket_type}").status_code == 404
    assert omar.get(types.replace(types.split("/")[-2], foreign.id)).status_code == 404


def test_a_hidden_type_is_bought_by_its_code(
    app: APIFlask, omar: Browser, types: str, listing: Listing
) -> None:
    assert add(omar, types, access_code="friends", price="5").status_code == 303
    assert "hidden, with FRIENDS" in Page(omar.get(types)).words
    visitor = Browser(app)
    shown = Page(visitor.get(f"/events/{listing.slug}"))
    assert "Balcony" not in shown.words
    page = Page(visitor.get(f"/events/{listing.slug}?code=+friends+&quantity[{listing.ticket_type}]=3"))
    assert page.elements[f"quantity[{listing.ticket_type}]"]["value"] == "3"
    assert "It counts here." in page.words
    assert "Opened by your code" in page.words
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


def test_the_door_reads_no_word_that_opens_anything(omar: Browser, dora: Browser, types: str) -> None:
    assert add(omar, types, access_code="friends", price="5").status_code == 303
    assert "hidden, with FRIENDS" in Page(omar.get(types)).words
    seen = dora.get(types)
    assert ("FRIENDS" in seen.text, "hidden" in Page(seen).words) == (False, True)
    assert "/promotion-codes" not in seen.text


def test_an_event_for_friends_alone_asks_for_their_code(database: Database, omar: Browser) -> None:
    hidden = list_event(database, {"access_code": "FRIENDS", "name": "Balcony"})
    page = Page(omar.get(f"/events/{hidden.slug}"))
    assert "Tickets are sold to whoever has a code." in page.words
    asked = page.form(f"/events/{hidden.slug}")
    wrong = Page(asked.send(omar, code="foes"))
    assert "We do not know this code for this event." in wrong.words
    assert wrong.elements["code"]["aria-invalid"] == "true"
    assert "Balcony" in Page(asked.send(omar, code="friends")).words
