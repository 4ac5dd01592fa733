"""One order on its team's page: what is shown, what may be done, what is said when it cannot."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event


@pytest.fixture
def order(app: APIFlask, database: Database, team: uuid.UUID, sandbox: Sandbox) -> dict[str, Any]:
    """Two seats, bought by a guest."""
    return Guest(app).buy(list_event(database, organizer_id=team), sandbox, 2)


@pytest.fixture
def at(workspace: str, order: dict[str, Any]) -> str:
    """The order's page."""
    return f"{workspace}/orders/{order['reference']}"


def test_the_page_tells_the_whole_history_in_one_call(omar: Browser, at: str) -> None:
    with calls_counted() as calls:
        page = Page(omar.get(at))
    assert calls == {"database": 1}
    for words in ("Confirmed", "Paid, €30.00", "Confirmation →", "waiting to go out", "without an account"):
        assert words in page.words


def test_a_refund_shows_its_sum_first_and_then_happens(omar: Browser, order: dict[str, Any], at: str) -> None:
    seat = order["attendees"][1]["id"]
    with calls_counted() as calls:
        page = Page(omar.get(f"{at}/refunds/new?attendee={seat}&chosen=yes"))
    assert calls == {"database": 1}
    assert "€15.00" in page.words
    form = next(form for form in page.forms if "attendee" in form.fields and form.method == "post")
    refused = Page(form.send(omar, reason=" "))
    assert "Please say why" in refused.words
    assert omar.get(form.send(omar, reason="No chair left").location).status_code == 200
    words = Page(omar.get(at)).words
    assert "Seats given up, 1 seat: No chair left" in words
    assert "Given back €15.00" in words
    stale = form.send(omar, reason="No chair left")
    assert stale.status_code in {409, 422}


@pytest.mark.parametrize("amount", ["", "ten", "0", "-5", "12.345", "30.01", "1e400", "NaN"])
def test_an_amount_that_cannot_go_back_is_refused_beside_its_field(
    omar: Browser, at: str, amount: str
) -> None:
    page = Page(omar.get(f"{at}/refunds/new"))
    form = next(form for form in page.forms if "amount" in form.fields)
    answer = form.send(omar, amount=amount, reason="Sorry")
    assert answer.status_code in {409, 422}
    refused = Page(answer)
    assert refused.said_of("amount") == ["amount-error"]
    assert refused.elements["amount"]["value"] == amount
    assert refused.elements["amount-reason"]["value"] == "Sorry"


def test_some_money_goes_back_and_the_seats_stay(omar: Browser, at: str) -> None:
    form = next(form for form in Page(omar.get(f"{at}/refunds/new")).forms if "amount" in form.fields)
    assert form.send(omar, amount="4,50", reason="The soup was cold").status_code == 303
    page = Page(omar.get(at))
    assert "Confirmed, partly refunded" in page.words
    assert "Given back €4.50" in page.words


def test_a_seat_gets_another_name_and_errors_stay_beside_it(
    omar: Browser, order: dict[str, Any], at: str
) -> None:
    action = f"{at}/attendees/{order['attendees'][1]['id']}"
    refused = Page(omar.get(at)).form(action).send(omar, name="Bea", email="bea")
    assert refused.status_code == 422
    assert Page(refused).form(action).fields["email"] == ["bea"]
    assert Page(omar.get(at)).form(action).send(omar, name="Bea").status_code == 303
    assert "Bea" in Page(omar.get(at)).words


def test_a_wrong_address_keeps_what_was_typed(omar: Browser, at: str) -> None:
    answer = Page(omar.get(at)).form(f"{at}/buyer").send(omar, buyer_name="Gustav", buyer_email="gustav")
    page = Page(answer)
    assert answer.status_code == 422
    assert page.said_of("buyer_email")[0] == "buyer_email-error"
    assert page.elements["buyer_name"]["value"] == "Gustav"
    sent = page.form(f"{at}/buyer").send(omar, buyer_email="gustav@example.org")
    assert sent.status_code == 303
    assert "New link → gustav@example.org" in Page(omar.get(at)).words


def test_notes_and_mails(omar: Browser, database: Database, order: dict[str, Any], at: str) -> None:
    assert (
        Page(omar.get(at)).form(f"{at}/notes").send(omar, body="Brings a dog.\nA large one.").status_code
        == 303
    )
    database.rows("update public.deliveries set status = 'bounced' where order_id = %s", [order["id"]])
    page = Page(omar.get(at))
    assert "Brings a dog." in page.words
    assert "came back: this address takes no mail" in page.words
    (mail,) = [form for form in page.forms if "/mails/" in form.action]
    assert mail.send(omar).status_code == 303
    assert "(again)" in Page(omar.get(at)).words


def test_a_request_is_answered_on_its_page(
    app: APIFlask, omar: Browser, database: Database, team: uuid.UUID, workspace: str
) -> None:
    listing = list_event(database, {"requires_approval": True}, organizer_id=team)
    orders = f"{workspace}/orders"
    yes, no = (Guest(app).hold(listing)["reference"] for _ in range(2))
    assert "2 orders wait for your yes." in Page(omar.get(orders)).words
    assert Page(omar.get(f"{orders}/{yes}")).form(f"{orders}/{yes}/approval").send(omar).status_code == 303
    rejection = Page(omar.get(f"{orders}/{no}")).form(f"{orders}/{no}/rejection")
    assert rejection.send(omar, reason="Full").status_code == 303
    again = rejection.send(omar)
    assert again.status_code == 409
    assert "does not wait for an answer any more" in Page(again).words


def test_an_unpaid_order_is_given_back(
    app: APIFlask, omar: Browser, database: Database, team: uuid.UUID, workspace: str
) -> None:
    reference = Guest(app).hold(list_event(database, organizer_id=team))["reference"]
    at = f"{workspace}/orders/{reference}"
    refused = Page(Page(omar.get(at)).form(f"{at}/release").send(omar, release_reason=" "))
    assert "release_reason-error" in refused.said_of("release_reason")
    assert refused.form(f"{at}/release").send(omar, release_reason="A mistake").status_code == 303
    assert "by the team" in Page(omar.get(at)).words


def test_a_page_offers_what_its_reader_may_do(finn: Browser, dora: Browser, at: str) -> None:
    page = Page(finn.get(at))
    assert f"{at}/refunds/new" in page.links()
    assert not [form for form in page.forms if form.action.startswith(at)]
    assert dora.get(at).status_code == 404
    token = {"csrf_token": finn.form_token(f"{at}/refunds/new"), "body": "x"}
    assert finn.client.post(f"{at}/notes", data=token).status_code == 403
