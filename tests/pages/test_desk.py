"""Seats given and money taken by a team on its pages."""

from __future__ import annotations

import uuid

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.jobs import settle_cancelled_events
from tests.pages.html import Page
from tests.selling import Guest, Listing, list_event, some_email


@pytest.fixture
def listing(database: Database, team: uuid.UUID) -> Listing:
    return list_event(database, seats=2, organizer_id=team)


def test_somebody_is_seated_and_shown(omar: Browser, listing: Listing, workspace: str) -> None:
    at = f"{workspace}/events/{listing.id}/orders"
    with calls_counted() as calls:
        page = Page(omar.get(f"{at}/new"))
    assert calls == {"database": 1}
    answer = page.form(at).send(
        omar, buyer_name="Bea", buyer_email="bea@example.org", payment="cash", note="Door"
    )
    assert answer.status_code == 303
    shown = Page(omar.get(answer.location))
    for words in ("Confirmed", "Paid, €15.00, in cash", "bea@example.org", "Door"):
        assert words in shown.words


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    omar: Browser, listing: Listing, workspace: str
) -> None:
    at = f"{workspace}/events/{listing.id}/orders"
    form = Page(omar.get(f"{at}/new")).form(at)
    field = f"quantity[{listing.ticket_type}]"
    unsaid = form.send(omar, buyer_name="Bea", buyer_email="bea@example.org", **{field: 2})
    assert (unsaid.status_code, Page(unsaid).elements["payment"]["aria-invalid"]) == (422, "true")
    answer = form.send(omar, buyer_name="Bea", buyer_email="bea", payment="bank", **{field: 2})
    page = Page(answer)
    assert answer.status_code == 422
    assert "buyer_email-error" in page.said_of("buyer_email")
    kept = page.form(at).fields
    assert (kept["buyer_name"], kept["payment"], kept[field]) == (["Bea"], ["bank"], ["2"])
    full = page.form(at).send(omar, buyer_email="bea@example.org", **{field: 3})
    assert full.status_code == 409
    page = Page(full)
    assert "There are not so many. Seats left now: 2." in page.words
    assert f"{field}-error" in page.said_of(field)


def test_money_by_hand_is_recorded_and_handed_back(
    app: APIFlask, finn: Browser, listing: Listing, workspace: str
) -> None:
    gaston = Guest(app)
    at = f"{workspace}/orders/{gaston.hold(listing)['reference']}"
    assert Page(finn.get(at)).form(f"{at}/payments").send(finn, method="bank").status_code == 303
    assert "Paid, €15.00, by bank transfer" in Page(finn.get(at)).words
    gaston.cancel()
    assert "Money of 1 order waits to be handed back." in Page(finn.get(f"{workspace}/orders")).words
    page = Page(finn.get(at))
    assert "Please give €15.00 back" in page.words
    assert page.form(f"{at}/hand-back").send(finn).status_code == 303
    assert "Cancelled, refunded" in Page(finn.get(at)).words


def test_an_event_called_off_leaves_its_team_what_was_paid_by_hand(
    app: APIFlask, omar: Browser, listing: Listing, workspace: str
) -> None:
    event = f"{workspace}/events/{listing.id}"
    sold = Page(omar.get(f"{event}/orders/new")).form(f"{event}/orders")
    order = sold.send(omar, buyer_name="Bea", buyer_email=some_email(), payment="cash").location
    question = Page(omar.get(f"{event}/cancellation"))
    assert "€15.00 of it was paid by hand, for 1 order" in question.words
    answer = question.form(f"{event}/cancellation").send(omar, reason="The oven broke.")
    assert answer.location == event
    page = Page(omar.get(event))
    assert "refunded" not in page.words
    assert "€15.00 that was paid by hand, for 1 order, is yours to give back." in page.words
    owing = f"{workspace}/orders?event={listing.id}&owing=true"
    assert owing in page.links()
    settle_cancelled_events(app)
    assert order in Page(omar.get(owing)).links()
    page = Page(omar.get(order))
    assert "Please give €15.00 back" in page.words
    assert "is on its way back" not in page.words
    assert page.form(f"{order}/hand-back").send(omar).status_code == 303
    assert "is yours to give back" not in Page(omar.get(event)).words


def test_seats_free_of_charge_cost_nothing(omar: Browser, listing: Listing, workspace: str) -> None:
    quote = f"{workspace}/events/{listing.id}/orders/quote?quantity[{listing.ticket_type}]=2"
    for payment, cents in (("", 3000), ("&payment=cash", 3000), ("&payment=comp", 0)):
        assert omar.get(quote + payment).get_json()["total_cents"] == cents
