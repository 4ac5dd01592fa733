"""The form of an order: what was typed stays, and what is wrong is said where it is wrong."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.application import Browser
from tests.database import Database
from tests.pages.buying import GASTON, order_form
from tests.pages.html import Page
from tests.selling import list_event, some_email
from tests.sql.events import edit


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"buyer_name": ""}, "buyer_name", "Please tell us your name."),
        ({"buyer_name": "x" * 400}, "buyer_name", "This is too long."),
        ({"buyer_email": "x" * 400}, "buyer_email", "This is too long."),
        ({"buyer_phone": "1" * 400}, "buyer_phone", "This is too long."),
        ({"buyer_email": "gaston"}, "buyer_email", "This does not look like an e-mail address."),
        ({"buyer_phone": ""}, "buyer_phone", "The organizer asks for a phone number."),
        ({"buyer_phone": "call me"}, "buyer_phone", "This does not look like a phone number."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    browser: Browser, database: Database, typed: dict[str, str], field: str, sentence: str
) -> None:
    form = order_form(browser, list_event(database, asks_phone=True))
    right = {"buyer_name": "Gaston <3", "buyer_email": "g@example.org", "buyer_phone": "+32 2 123 45 67"}
    answer = form.send(browser, **{**right, **typed})
    assert answer.status_code == 422
    page = Page(answer)
    wrong = page.elements[field]
    assert wrong["aria-invalid"] == "true"
    assert f"{field}-error" in page.said_of(field)
    assert f"#{field}" in page.links()  # from the summary at the top, which is read aloud
    assert ("div", "alert") in [(tag, attributes.get("role")) for tag, attributes in page.tags]
    assert sentence in page.words
    for name, value in {**right, **typed}.items():
        assert page.elements[name]["value"] == value
        assert (page.elements[name].get("aria-invalid") == "true") == (name == field)


def test_every_field_left_empty_is_said_at_once(browser: Browser, database: Database) -> None:
    form = order_form(browser, list_event(database, asks_phone=True))
    page = Page(form.send(browser))
    assert "3 things need another look:" in page.words
    for field in ("buyer_name", "buyer_email", "buyer_phone"):
        assert f"{field}-error" in page.said_of(field)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "max@", "This does not look like an e-mail address."),
        ("name", "M" * 121, "This is too long."),
    ],
)
def test_what_is_wrong_about_the_others_is_said_beside_their_seat(
    browser: Browser, database: Database, field: str, typed: str, sentence: str
) -> None:
    listing = list_event(database)
    others = {f"attendee_{field}[{listing.ticket_type}]": ["", "", typed]}
    answer = order_form(browser, listing, 3).send(browser, **GASTON, buyer_email=some_email(), **others)
    assert answer.status_code == 422
    page = Page(answer)
    wrong = f"attendee-{listing.ticket_type}-2-{field}"
    assert f"{wrong}-error" in page.said_of(wrong)
    assert f"#{wrong}" in page.links()
    assert sentence in page.words


def test_a_price_that_was_raised_meanwhile_is_shown_before_it_counts(
    browser: Browser, database: Database
) -> None:
    listing = list_event(database)
    form = order_form(browser, listing, 2)
    edit(database, "ticket_types", uuid.UUID(listing.ticket_type), price_cents=9000)
    answer = form.send(browser, **GASTON, buyer_email=some_email())
    page = Page(answer)
    assert answer.status_code == 409
    assert "The price has changed meanwhile." in page.words
    assert "€180.00" in page.words
    again = page.form(f"/events/{listing.slug}/orders")
    assert again.fields["buyer_name"] == [GASTON["buyer_name"]]
    assert "/orders/GC" in again.send(browser).location


def test_everything_typed_stays_with_the_names_of_the_others(browser: Browser, database: Database) -> None:
    listing = list_event(database)
    form = order_form(browser, listing, 3)
    names, emails = f"attendee_name[{listing.ticket_type}]", f"attendee_email[{listing.ticket_type}]"
    assert form.fields[names] == ["", "", ""]
    others = {names: ["", "Léa", "Max"], emails: ["", "lea@x.org", ""]}
    again = Page(form.send(browser, **GASTON, buyer_email="x", **others)).form(
        f"/events/{listing.slug}/orders"
    )
    assert again.fields["idempotency_key"] == form.fields["idempotency_key"]
    assert again.fields[names] == ["", "Léa", "Max"]
    assert again.fields[emails] == ["", "lea@x.org", ""]
    assert again.fields[f"quantity[{listing.ticket_type}]"] == ["3"]
    placed = again.send(browser, buyer_email=some_email())
    assert placed.status_code == 303
    assert "Gaston Léa Max" in Page(browser.get(placed.location)).words


@pytest.mark.parametrize("quantity", ["-1", "11", "999999999", "2.5", "two", "1e3", " ", "0", "1000000000"])
def test_an_impossible_number_of_seats_is_said_on_the_events_page(
    browser: Browser, database: Database, quantity: str
) -> None:
    listing = list_event(database)
    field = f"quantity[{listing.ticket_type}]"
    answer = browser.get(f"/events/{listing.slug}/orders/new", query_string={field: quantity})
    assert answer.status_code == 422
    page = Page(answer)
    assert page.form(f"/events/{listing.slug}/orders/new")
    alert = ("div", "alert") in [(tag, attributes.get("role")) for tag, attributes in page.tags]
    assert alert is not (page.elements[field].get("aria-invalid") == "true")
    if not alert:
        assert page.said_of(field)


def test_a_choice_nobody_could_make_is_refused(browser: Browser, database: Database) -> None:
    listing, other = list_event(database), list_event(database)
    path = f"/events/{listing.slug}/orders/new"
    for query in ("", f"quantity[{other.ticket_type}]=1", "quantity[x]=1", f"quantity[{uuid.uuid4()}]=1"):
        assert browser.get(f"{path}?{query}").status_code == 422
    assert browser.get("/events/nothing-here/orders/new").status_code == 404


@pytest.mark.parametrize(
    ("tampered", "status"),
    [
        ({"event_id": "x"}, 404),
        ({"event_id": ""}, 404),
        ({"event_id": str(uuid.uuid4())}, 404),
        ({"idempotency_key": "k" * 300}, 303),
        ({"idempotency_key": ""}, 303),
    ],
)
def test_a_form_that_was_tampered_with_is_refused(
    browser: Browser, database: Database, tampered: dict[str, Any], status: int
) -> None:
    form = order_form(browser, list_event(database))
    answer = form.send(browser, **{**GASTON, "buyer_email": some_email(), **tampered})
    assert answer.status_code == status


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_form_of_another_site_is_refused(browser: Browser, database: Database, token: str | None) -> None:
    listing = list_event(database)
    form = order_form(browser, listing)
    del form.fields["csrf_token"]
    typed = {**GASTON, "buyer_email": some_email(), **({} if token is None else {"csrf_token": token})}
    answer = form.send(browser, **typed)
    assert answer.status_code == 400
    assert "This form is out of date." in Page(answer).words
    assert database.value("select count(*) from public.orders where event_id = %s", [listing.id]) == 0


def test_a_form_sent_by_another_browser_is_refused(browser: Browser, database: Database, app: Any) -> None:
    form = order_form(browser, list_event(database))
    answer = form.send(Browser(app), **GASTON, buyer_email=some_email())
    assert answer.status_code == 400
