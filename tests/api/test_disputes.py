"""Contested payments, as their team sees them."""

from __future__ import annotations

from apiflask import APIFlask

from local.stack import Stack
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event, signed_in
from tests.sql.events import organizer


def test_a_team_sees_what_its_buyers_contest(
    app: APIFlask, stack: Stack, database: Database, sandbox: Sandbox
) -> None:
    finn, dora = database.sign_up("Finn"), database.sign_up("Dora")
    team = organizer(database, finance=finn, door=dora)
    listing = list_event(database, organizer_id=team)
    gaston = Guest(app)
    gaston.buy(listing, sandbox)
    (session,) = sandbox.sessions_of(gaston.order)
    dispute_id = sandbox.dispute(session["id"])
    for event in sandbox.events_about(dispute_id, types={"charge.dispute.created"}):
        assert sandbox.bring(app, event).status_code == 204
    slug = database.value("select slug from public.organizers where id = %s", [team])
    (told,) = signed_in(app, stack, finn).get(f"/organizers/{slug}/disputes").json["data"]
    assert (told["id"], told["order_reference"]) == (dispute_id, gaston.order["reference"])
    assert told["amount_cents"] == gaston.order["total_cents"]
    assert signed_in(app, stack, dora).get(f"/organizers/{slug}/disputes").json["code"] == "not_permitted"
