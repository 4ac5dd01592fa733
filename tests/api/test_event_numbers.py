"""An event in numbers through the API."""

from __future__ import annotations

import uuid

from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event, signed_in
from tests.sql.events import insert_api_key


def test_numbers_by_token_and_by_key(
    app: APIFlask, stack: Stack, omar: Guest, database: Database, team: uuid.UUID, sandbox: Sandbox
) -> None:
    listing = list_event(database, organizer_id=team)
    Guest(app).buy(listing, sandbox, 2)
    at = f"/events/{listing.id}/numbers"
    with calls_counted() as calls:
        answer = omar.get(at)
    assert (answer.status_code, calls) == (200, {"database": 1})
    assert answer.json["seats"] == {"capacity": 20, "sold": 2, "held": 0, "left": 18}
    assert answer.json["money"] == {"orders": 1, "paid_cents": 3000, "refunded_cents": 0}
    key = {"X-Api-Key": insert_api_key(database, team, "events:read")}
    seen = ApiClient(app).get(at, headers=key).json
    assert (seen["money"], seen["latest_orders"], seen["seats"]["sold"]) == (None, None, 2)
    assert signed_in(app, stack, database.sign_up("Zoe")).get(at).json["code"] == "not_found"
    assert Guest(app).get(at).status_code == 401
