"""Those who wait, and payments that are contested, on their team's pages."""

from __future__ import annotations

import uuid

from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event, signed_in


def test_who_waits_and_why(
    app: APIFlask,
    stack: Stack,
    database: Database,
    team: uuid.UUID,
    omar: Browser,
    dora: Browser,
    workspace: str,
) -> None:
    listing = list_event(database, seats=1, organizer_id=team)
    at = f"{workspace}/events/{listing.id}/waitlist"
    assert "Nobody waits." in Page(omar.get(at)).words
    Guest(app).hold(listing)
    ana = signed_in(app, stack, database.sign_up("Ana"))
    ana.post(f"/events/{listing.id}/waitlist", {"ticket_type_id": listing.ticket_type, "quantity": 1})
    with calls_counted() as calls:
        page = Page(omar.get(at))
    assert calls == {"database": 1}
    assert "Ana" in page.words
    assert "No seat is free" in page.words
    assert dora.get(at).status_code == 404


def test_contested_payments(
    app: APIFlask,
    sandbox: Sandbox,
    database: Database,
    team: uuid.UUID,
    omar: Browser,
    dora: Browser,
    workspace: str,
) -> None:
    at = f"{workspace}/disputes"
    assert "No payment is contested." in Page(omar.get(at)).words
    gaston = Guest(app)
    gaston.buy(list_event(database, organizer_id=team, title="Ink and paper"), sandbox)
    (session,) = sandbox.sessions_of(gaston.order)
    dispute = sandbox.dispute(session["id"])
    for event in sandbox.events_about(dispute, types={"charge.dispute.created"}):
        sandbox.bring(app, event)
    with calls_counted() as calls:
        page = Page(omar.get(at))
    assert calls == {"database": 1}
    for words in (gaston.order["reference"], "Ink and paper", "Needs an answer", "€15.00"):
        assert words in page.words
    assert at in Page(omar.get(f"{workspace}/orders")).links()
    assert "Contested at the bank" in Page(omar.get(f"{workspace}/orders/{gaston.order['reference']}")).words
    assert dora.get(at).status_code == 403
