"""Saying who sits in one's seats, through the API."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event


@pytest.fixture
def gaston(app: APIFlask, database: Database) -> Guest:
    """Holds two seats."""
    guest = Guest(app)
    guest.hold(list_event(database), 2)
    return guest


def test_seats_are_named_where_the_order_says(gaston: Guest, sandbox: Sandbox) -> None:
    gaston.pay(sandbox)
    link = gaston.read()["_links"]["attendees"]
    assert link == {"href": f"/api/v1/orders/{gaston.order['reference']}/attendees", "method": "PATCH"}
    first, second = gaston.order["attendees"]
    people = [{"id": second["id"], "name": "Bea", "revision": second["revision"]}]
    answer = gaston.patch(f"/orders/{gaston.order['reference']}/attendees", {"attendees": people})
    assert (answer.status_code, answer.json["attendees"]) == (200, gaston.read()["attendees"])
    named = [(seat["id"], seat["name"], seat["revision"]) for seat in answer.json["attendees"]]
    assert named == [(first["id"], "Gaston", 1), (second["id"], "Bea", 2)]


def test_what_cannot_be_named_is_refused(app: APIFlask, gaston: Guest) -> None:
    path, seat = f"/orders/{gaston.order['reference']}/attendees", gaston.order["attendees"][0]
    bea = {"id": seat["id"], "name": "Bea"}

    def refused(*people: object, by: Guest = gaston) -> tuple[int, str]:
        answer = by.patch(path, {"attendees": people})
        return answer.status_code, answer.json["code"]

    assert refused() == (422, "invalid_input")
    assert refused({"id": "x"}) == (422, "invalid_input")
    assert refused({**bea, "email": "bea"}) == (422, "attendees_invalid")
    assert refused(bea, bea) == (422, "attendee_unknown")
    assert refused({**bea, "revision": 7}) == (409, "edited_meanwhile")
    assert refused(bea, by=Guest(app)) == (404, "not_found")
    gaston.cancel()
    assert refused(bea) == (409, "names_fixed")
    assert "attendees" not in gaston.read()["_links"]
