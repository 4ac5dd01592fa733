"""Saying who comes, on the page of one's order."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.buying import hold
from tests.pages.html import Form, Page
from tests.selling import list_event


@pytest.fixture
def order(browser: Browser, database: Database) -> str:
    """The page of two seats that Gaston holds."""
    return hold(browser, list_event(database), 2)


def naming(browser: Browser, order: str) -> tuple[Form, list[str]]:
    """The form, and the ids of the seats it asks about."""
    form = Page(browser.get(f"{order}/attendees")).form(f"{order}/attendees")
    return form, [field[9:-1] for field in form.fields if field.startswith("revision[")]


def test_the_order_leads_to_its_names_and_shows_them(browser: Browser, order: str) -> None:
    page = Page(browser.get(order))
    assert f"{order}/attendees" in page.links()
    assert "Fill in the names" in page.words
    form, (_, second) = naming(browser, order)
    with calls_counted() as calls:
        answer = form.send(browser, **{f"name[{second}]": "Bea", f"email[{second}]": "bea@example.org"})
    assert (answer.status_code, calls) == (303, {"database": 1})
    page = Page(browser.get(answer.location))
    for words in ("The names are saved.", "Gaston", "Bea", "Change the names"):
        assert words in page.words


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    browser: Browser, order: str
) -> None:
    form, (first, second) = naming(browser, order)
    answer = form.send(browser, **{f"name[{first}]": "Gustav", f"email[{second}]": "bea"})
    page = Page(answer)
    assert answer.status_code == 422
    assert page.said_of(f"email-{second}") == [f"email-{second}-error"]
    assert page.elements[f"name-{first}"]["value"] == "Gustav"
    assert page.elements[f"email-{second}"]["value"] == "bea"


def test_who_was_slower_is_told_what_it_says_now(browser: Browser, order: str) -> None:
    form, (_, second) = naming(browser, order)
    assert form.send(browser, **{f"name[{second}]": "Bea"}).status_code == 303
    answer = form.send(browser, **{f"name[{second}]": "Bob"})
    page = Page(answer)
    assert answer.status_code == 409
    assert "Somebody else has changed this meanwhile. What you typed is kept." in page.words
    assert "It now says: Bea." in page.words
    again = page.form(f"{order}/attendees")
    assert again.fields[f"name[{second}]"] == ["Bob"]
    assert again.send(browser).status_code == 303
    assert "Bob" in Page(browser.get(order)).words


@pytest.mark.parametrize(("asks_phone", "fields"), [(True, 2), (False, 0)])
def test_a_phone_is_asked_for_where_the_organizer_asks(
    browser: Browser, database: Database, asks_phone: bool, fields: int
) -> None:
    listing = list_event(database, asks_phone=asks_phone)
    phone: dict[str, Any] = {"buyer_phone": "+32 470 00 00 00"} if asks_phone else {}
    form, _ = naming(browser, hold(browser, listing, 2, **phone))
    assert len([field for field in form.fields if field.startswith("phone[")]) == fields


def test_a_form_that_came_too_late_is_drawn_again(browser: Browser, order: str) -> None:
    form, (_, second) = naming(browser, order)
    answer = form.send(browser, **{f"name[{second}]": "Bea", "csrf_token": "stale"})
    assert answer.status_code == 400
    assert Page(answer).elements[f"name-{second}"]["value"] == "Bea"


def test_names_of_an_order_that_is_over_are_fixed(browser: Browser, order: str) -> None:
    form, _ = naming(browser, order)
    give_back = Page(browser.get(order)).form(f"{order}/cancellation")
    assert give_back.send(browser).status_code == 303
    assert f"{order}/attendees" not in Page(browser.get(order)).links()
    for answer in (browser.get(f"{order}/attendees"), form.send(browser)):
        assert answer.location == order
    assert "Names can be changed while the order stands" in Page(browser.get(order)).words


def test_nobody_else_gets_to_the_names(app: APIFlask, browser: Browser, order: str) -> None:
    form, _ = naming(browser, order)
    stranger = Browser(app)
    token = stranger.form_token("/account/sign-in")
    assert stranger.get(f"{order}/attendees").status_code == 404
    sent = {name: value[0] for name, value in form.fields.items()} | {"csrf_token": token}
    assert stranger.client.post(f"{order}/attendees", data=sent).status_code == 404
