"""Where orders come from: told by the app, which signs it, or by Supabase's edge; never by whoever asks."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import guest, place

LIMIT = 2


@pytest.fixture(autouse=True)
def limited(database: Database) -> None:
    database.rows("update private.limits set amount = %s where name = 'orders_by_address'", [LIMIT])


@pytest.fixture
def show(database: Database) -> events.Event:
    return events.event(database)


@pytest.fixture
def seat(database: Database, show: events.Event) -> uuid.UUID:
    return events.ticket_type(database, show)


def address(database: Database) -> str | None:
    found: str | None = database.value(
        "select host(address) from private.order_requests order by created_at desc"
    )
    return found


def test_one_internet_address_is_limited_whoever_asks(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    here = database.visitor(**database.at("2001:db8::7"))
    for _ in range(LIMIT):
        place(here, show, seat, buyer=guest())
    with database.refuses("too_many_orders", 429) as refusal:
        place(here, show, seat, buyer=guest())
    assert refusal.detail["retry_after"] == 60
    place(database.visitor(**database.at("2001:db8:0:1::7")), show, seat, buyer=guest())


def test_all_addresses_of_an_ipv6_network_are_one_visitor(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    for number in range(LIMIT):
        place(database.visitor(**database.at(f"2001:db8::{number}:1")), show, seat, buyer=guest())
    with database.refuses("too_many_orders", 429):
        place(database.visitor(**database.at("2001:db8::ffff:ffff:ffff:ffff")), show, seat, buyer=guest())


def test_ipv4_addresses_written_as_ipv6_are_each_a_visitor(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    for number in range(LIMIT + 1):
        place(database.visitor(**database.at(f"::ffff:192.0.2.{number}")), show, seat, buyer=guest())


@pytest.mark.parametrize("address", ["", "unknown", "999.1.1.1", "'; drop table orders"])
def test_an_address_that_is_none_is_not_held_against_anyone(
    database: Database, show: events.Event, seat: uuid.UUID, address: str
) -> None:
    place(database.visitor(**database.at(address)), show, seat, buyer=guest())


@pytest.mark.parametrize("signature", [None, "", "00" * 32, "not hex"])
def test_an_address_that_the_app_has_not_signed_is_ignored(
    database: Database, show: events.Event, seat: uuid.UUID, signature: str | None
) -> None:
    told = (
        {"x_client_address": "192.0.2.7", "x_client_signature": signature}
        if signature is not None
        else {"x_client_address": "192.0.2.7"}
    )
    for _ in range(LIMIT + 1):  # nobody burns another's limit
        place(database.visitor(**told), show, seat, buyer=guest())
    assert address(database) is None
    place(database.visitor(**database.at("192.0.2.7")), show, seat, buyer=guest())


def test_the_signature_of_one_address_is_not_good_for_another(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    borrowed = database.at("192.0.2.7") | {"x_client_address": "192.0.2.8"}
    place(database.visitor(**borrowed), show, seat, buyer=guest())
    assert address(database) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"cf_connecting_ip": "203.0.113.9", "x_forwarded_for": "192.0.2.1, 192.0.2.2"},
        {"x_forwarded_for": "192.0.2.1, 203.0.113.9"},
        {"x_forwarded_for": "203.0.113.9"},
    ],
)
def test_who_comes_past_the_app_is_known_by_the_edge(
    database: Database, show: events.Event, seat: uuid.UUID, headers: dict[str, str]
) -> None:
    """What stands first in X-Forwarded-For anyone may have written."""
    caller = database.visitor(x_client_address="198.51.100.4", **headers)
    for _ in range(LIMIT):
        place(caller, show, seat, buyer=guest())
    assert address(database) == "203.0.113.9"
    with database.refuses("too_many_orders", 429):
        place(caller, show, seat, buyer=guest())


def test_where_orders_came_from_is_forgotten_once_no_limit_counts_it(
    database: Database, show: events.Event, seat: uuid.UUID, ana: Person
) -> None:
    longest = database.value(
        "select max(per) from private.limits where name in ('orders_by_person', 'orders_by_address')"
    )
    here = database.at("192.0.2.7")
    place(database.visitor(**here), show, seat, buyer=guest(), idempotency_key="k-1")
    place(database.person(ana, **here), show, seat)
    asked = (
        "select person, host(address), idempotency_key from private.order_requests order by account = 'guest'"
    )
    told = database.rows(asked)
    database.move_clock(longest - timedelta(seconds=1))
    database.service().call("expire_holds")
    assert database.rows(asked) == told
    database.move_clock(longest)
    database.service().call("expire_holds")
    assert database.rows(asked) == [(str(ana.id), None, None), ("guest", None, "k-1")]
