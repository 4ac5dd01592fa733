"""Contested payments, as their team sees them."""

from __future__ import annotations

import uuid

from apiflask import APIFlask

from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event


def test_a_team_sees_what_its_buyers_contest(
    app: APIFlask,
    finn: Guest,
    dora: Guest,
    database: Database,
    team: uuid.UUID,
    workspace: str,
    sandbox: Sandbox,
) -> None:
    listing = list_event(database, organizer_id=team)
    gaston = Guest(app)
    gaston.buy(listing, sandbox)
    (session,) = sandbox.sessions_of(gaston.order)
    dispute_id = sandbox.dispute(session["id"])
    for event in sandbox.events_about(dispute_id, types={"charge.dispute.created"}):
        assert sandbox.bring(app, event).status_code == 204
    (told,) = finn.get(f"{workspace}/disputes").json["data"]
    assert (told["id"], told["order_reference"]) == (dispute_id, gaston.order["reference"])
    assert told["amount_cents"] == gaston.order["total_cents"]
    assert dora.get(f"{workspace}/disputes").json["code"] == "not_permitted"
