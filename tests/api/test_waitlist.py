"""Waiting in line over the API: joining, one's place, offers in order, and whose turn it is next."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from services import jobs
from tests.database import Database
from tests.jobs import run
from tests.sandbox import Sandbox
from tests.selling import Guest, Listing, draft, list_event, signed_in
from tests.sql.events import edit

OFFER = timedelta(hours=2)
Someone = Callable[[str], Guest]


@pytest.fixture
def someone(app: APIFlask, stack: Stack, database: Database) -> Someone:
    """Someone new with an account, by name."""
    return lambda name: signed_in(app, stack, database.sign_up(name))


def wait(person: Guest, listing: Listing, quantity: int = 1, **options: Any) -> Any:
    body = {"ticket_type_id": listing.ticket_type, "quantity": quantity}
    return person.post(f"/events/{listing.id}/waitlist", body, **options)


def place(person: Guest) -> tuple[str, int | None]:
    """How the newest entry stands, and its place in line."""
    entry = person.get("/me/waitlist").json["data"][0]
    return entry["status"], entry["position"]


def offer(person: Guest) -> dict[str, Any]:
    """The order that was made for the newest entry."""
    entry = person.get("/me/waitlist").json["data"][0]
    assert entry["status"] == "offered", entry
    assert entry["_links"]["order"]["href"].endswith(entry["order_reference"])
    return person.follow(person.get(f"/orders/{entry['order_reference']}").json)


@pytest.fixture
def holder(app: APIFlask) -> Guest:
    return Guest(app)


@pytest.fixture
def full(database: Database, holder: Guest) -> Listing:
    """An event with two seats, both held."""
    listing = list_event(database, seats=2)
    holder.hold(listing, 2)
    return listing


def test_one_joins_and_sees_ones_place(someone: Someone, full: Listing) -> None:
    ana, bilal = someone("Ana"), someone("Bilal")
    answer = wait(ana, full)
    assert answer.status_code == 201
    entry = answer.json
    assert (entry["status"], entry["position"], entry["quantity"]) == ("waiting", 1, 1)
    assert entry["event"]["slug"] == full.slug
    assert entry["_links"]["leave"] == {"href": f"/api/v1/waitlist/{entry['id']}", "method": "DELETE"}
    assert "order" not in entry["_links"]
    assert wait(bilal, full, 2).json["position"] == 2
    assert ana.delete(f"/waitlist/{entry['id']}").status_code == 204
    assert place(ana) == ("left", None)
    assert place(bilal) == ("waiting", 1)
    gone = ana.delete(f"/waitlist/{entry['id']}")
    assert (gone.status_code, gone.json["code"]) == (409, "not_in_line")
    assert bilal.delete(f"/waitlist/{entry['id']}").status_code == 404


def test_a_repeated_key_joins_once(someone: Someone, full: Listing) -> None:
    ana, key = someone("Ana"), {"Idempotency-Key": "the answer got lost"}
    first, second = (wait(ana, full, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code, first.json) == (201, 201, second.json)
    assert wait(ana, full, 2, headers=key).json["code"] == "idempotency_key_reused"


def test_who_cannot_join_is_told_why(
    app: APIFlask, someone: Someone, full: Listing, database: Database
) -> None:
    ana = someone("Ana")
    assert wait(Guest(app), full).status_code == 401
    assert wait(ana, full, 0).json["code"] == "quantity_out_of_range"
    assert wait(ana, full, 11).json["code"] == "quantity_out_of_range"
    assert wait(ana, full).status_code == 201
    twice = wait(ana, full)
    assert (twice.status_code, twice.json["code"]) == (409, "already_in_line")
    free = wait(ana, list_event(database))
    assert (free.status_code, free.json["code"]) == (409, "seats_available")
    assert wait(ana, list_event(database), 10).json["code"] == "seats_available"
    assert wait(ana, list_event(database, status="draft")).status_code == 404
    off = wait(ana, list_event(database, status="cancelled"))
    assert (off.status_code, off.json["code"]) == (409, "sale_closed")


def test_seats_given_back_are_held_for_whoever_is_first(
    someone: Someone, full: Listing, holder: Guest, database: Database
) -> None:
    ana, bilal, chloe = someone("Ana"), someone("Bilal"), someone("Chloe")
    for person in (ana, bilal, chloe):
        wait(person, full)
    holder.cancel()
    assert [place(person)[0] for person in (ana, bilal, chloe)] == ["offered", "offered", "waiting"]
    order = offer(ana)
    assert (order["status"], order["total_cents"], order["can"]) == (
        "pending",
        1500,
        ["pay", "cancel", "name"],
    )
    assert OFFER.seconds - 60 < order["hold_left_seconds"] <= OFFER.seconds
    newcomer = holder.post("/orders", draft(full))
    assert (newcomer.status_code, newcomer.json["code"]) == (409, "sold_out")
    mail = "select kind from public.deliveries where order_id = %s"
    assert database.rows(mail, [order["id"]]) == [("seats_offered",)]


def test_an_offer_that_is_paid_is_kept(
    someone: Someone, full: Listing, holder: Guest, sandbox: Sandbox
) -> None:
    ana = someone("Ana")
    wait(ana, full, 2)
    holder.cancel()
    offer(ana)
    ana.pay(sandbox)
    assert place(ana) == ("converted", None)


def test_a_declined_offer_goes_to_whoever_is_next(someone: Someone, full: Listing, holder: Guest) -> None:
    ana, bilal = someone("Ana"), someone("Bilal")
    wait(ana, full, 2)
    wait(bilal, full, 2)
    holder.cancel()
    entry = ana.get("/me/waitlist").json["data"][0]
    assert ana.delete(f"/waitlist/{entry['id']}").status_code == 204
    assert place(ana) == ("left", None)
    assert offer(bilal)["status"] == "pending"


def test_an_offer_that_lapses_goes_to_whoever_is_next(
    app: APIFlask, someone: Someone, full: Listing, holder: Guest, database: Database
) -> None:
    ana, bilal = someone("Ana"), someone("Bilal")
    wait(ana, full, 2)
    wait(bilal, full, 2)
    holder.cancel()
    assert place(bilal) == ("waiting", 1)
    database.move_clock(OFFER)
    run(app, jobs.expire_holds)
    assert place(ana)[0] == "lapsed"
    assert place(bilal)[0] == "offered"


def test_a_larger_party_waits_without_blocking_a_smaller_one(
    app: APIFlask, omar: Guest, someone: Someone, holder: Guest, database: Database, team: uuid.UUID
) -> None:
    full = list_event(database, seats=2, organizer_id=team)
    other = Guest(app)
    holder.hold(full)
    other.hold(full)
    large, small = someone("Large"), someone("Small")
    wait(large, full, 2)
    wait(small, full, 1)
    holder.cancel()
    assert place(large) == ("waiting", 1)
    assert place(small)[0] == "offered"
    line = omar.get(f"/events/{full.id}/waitlist")
    assert [(party["name"], party["quantity"], party["why"]) for party in line.json["data"]] == [
        ("Large", 2, "full"),
        ("Small", 1, "offered"),
    ]
    assert large.get(f"/events/{full.id}/waitlist").status_code == 404
    assert Guest(app).get(f"/events/{full.id}/waitlist").status_code == 401


def test_more_places_reach_the_line_from_the_dashboard_too(
    someone: Someone, full: Listing, database: Database
) -> None:
    ana = someone("Ana")
    wait(ana, full, 2)
    edit(database, "events", full.id, capacity=4)
    assert place(ana)[0] == "offered"


def test_free_seats_are_theirs_at_once(
    app: APIFlask, someone: Someone, holder: Guest, database: Database
) -> None:
    listing = list_event(database, {"price_cents": 0}, seats=1)
    holder.hold(listing)
    ana = someone("Ana")
    wait(ana, listing)
    holder.cancel()
    assert place(ana)[0] == "converted"


def test_a_cancelled_confirmed_seat_is_offered_too(
    app: APIFlask, someone: Someone, holder: Guest, database: Database, sandbox: Sandbox
) -> None:
    listing = list_event(database, seats=2)
    holder.buy(listing, sandbox, 2)
    ana = someone("Ana")
    wait(ana, listing)
    assert holder.cancel(1).json["cancelled"] is True
    assert place(ana)[0] == "offered"
    assert database.service().call("check_pools") == []
