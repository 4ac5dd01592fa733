"""The Checkout page works with plain forms."""

from __future__ import annotations

import time

import httpx
import pytest

from .running import Sandbox, line


def test_the_page_shows_the_order_and_says_that_it_is_a_test(sandbox: Sandbox) -> None:
    page = sandbox.page(sandbox.open_session(line_items=[line("Seat <b>", 2400), line("Student", 700)]))

    for shown in (
        "TEST",
        "Seat &lt;b&gt;",
        "€24.00",
        "Pay €31.00",
        "Leave without paying",
        "ana@example.com",
    ):
        assert shown in page
    assert 'href="http://127.0.0.1:8000/orders/GC-1"' in page


def test_paying_leads_to_the_success_page(sandbox: Sandbox) -> None:
    session = sandbox.open_session()

    answer = sandbox.submit(session, outcome="pay", email="zoe@example.com", name="Zoe")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://127.0.0.1:8000/orders/GC-1/payment?session_id={session.id}"
    paid = sandbox.client.v1.checkout.sessions.retrieve(session.id)
    assert paid.customer_details is not None
    assert paid.customer_details.email == "zoe@example.com"
    assert "This order is complete." in sandbox.page(session)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"outcome": "decline"}, "Your card was declined."),
        ({"outcome": "pay", "card": "4000 0000 0000 9995"}, "insufficient funds"),
    ],
)
def test_a_declined_card_stays_on_the_page_and_may_be_tried_again(
    sandbox: Sandbox, form: dict[str, str], message: str
) -> None:
    session = sandbox.open_session()

    assert sandbox.submit(session, **form).headers["Location"] == f"/c/pay/{session.id}"
    assert message in sandbox.page(session)
    assert "session_id=" in sandbox.submit(session, outcome="pay").headers["Location"]


@pytest.mark.parametrize("outcome", ["succeed_later", "fail_later"])
def test_a_delayed_method_leads_to_the_success_page_unpaid(sandbox: Sandbox, outcome: str) -> None:
    session = sandbox.open_session()

    assert "session_id=" in sandbox.submit(session, outcome=outcome).headers["Location"]
    assert sandbox.client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert "with your bank" in sandbox.page(session)


def test_an_expired_session_says_so_and_takes_no_money(sandbox: Sandbox) -> None:
    session = sandbox.open_session(expires_at=int(time.time()) + 1801)
    sandbox.client.v1.checkout.sessions.expire(session.id)

    assert sandbox.submit(session, outcome="pay").headers["Location"] == f"/c/pay/{session.id}"
    page = sandbox.page(session)
    assert "has expired" in page
    assert 'href="http://127.0.0.1:8000/orders/GC-1"' in page
    assert sandbox.client.v1.payment_intents.list().data == []


def test_nothing_to_pay_is_completed_without_a_payment(sandbox: Sandbox) -> None:
    session = sandbox.open_session(line_items=[line("Free seat", 0)])
    sandbox.submit(session, outcome="pay")

    done = sandbox.client.v1.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status, done.payment_intent) == (
        "complete",
        "no_payment_required",
        None,
    )


def test_a_session_for_cards_alone_offers_no_bank_debit(sandbox: Sandbox) -> None:
    assert "bank debit" in sandbox.page(sandbox.open_session())
    assert "bank debit" not in sandbox.page(sandbox.open_session(payment_method_types=["card"]))


def test_the_overview_shows_what_happened_and_has_its_levers(sandbox: Sandbox) -> None:
    session = sandbox.open_session()
    pay = httpx.post(
        f"{sandbox.url}/_sandbox/sessions/{session.id}/pay", data={"press": "1"}, trust_env=False
    )
    assert (pay.status_code, pay.headers["Location"]) == (303, "/")

    overview = httpx.get(sandbox.url, trust_env=False).text

    for shown in (session.id[:20], "complete, paid", "checkout.session.completed", "Refund", "Dispute"):
        assert shown in overview
