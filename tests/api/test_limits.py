"""How often one may ask, and what one hears then."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, some_address
from tests.database import Database
from tests.processes import web
from tests.selling import Guest, draft, list_event, signed_in, some_email


def test_a_person_places_ten_orders_in_ten_minutes(app: APIFlask, stack: Stack, database: Database) -> None:
    ana = signed_in(app, stack, database.sign_up("Ana"))
    for _ in range(10):
        ana.hold(list_event(database))
    assert_too_many(ana, database)
    assert Guest(app).hold(list_event(database))


def test_a_guests_address_places_ten_orders_wherever_it_comes_from(app: APIFlask, database: Database) -> None:
    buyer = {"name": "Gaston", "email": some_email()}
    for _ in range(10):
        Guest(app).hold(list_event(database), buyer=buyer)
    answer = Guest(app).post("/orders", draft(list_event(database), buyer=buyer))
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_orders")


def test_one_network_address_places_sixty_orders_a_minute(app: APIFlask, database: Database) -> None:
    listing, address = list_event(database, seats=100), some_address()
    gaston = Guest(app)
    gaston.client.environ_base["HTTP_X_FORWARDED_FOR"] = address
    for _ in range(60):
        assert gaston.post("/orders", draft(listing)).status_code == 201
    assert_too_many(gaston, database)


@pytest.mark.parametrize(
    ("addresses", "status"),
    [("2001:db8:1:2:{:x}::7", 429), ("2001:db8:3:{:x}::7", 401), ("::ffff:198.51.100.{}", 401)],
)
def test_whoever_has_an_ipv6_network_is_one_visitor(app: APIFlask, addresses: str, status: int) -> None:
    visitor = ApiClient(app)
    for number in range(11):
        visitor.client.environ_base["HTTP_X_FORWARDED_FOR"] = addresses.format(number)
        answer = visitor.post("/auth/login", {"email": some_email(), "password": "not my password"})
    assert answer.status_code == status


def test_one_network_address_tries_120_orders_a_minute_whatever_becomes_of_them(visitor: ApiClient) -> None:
    assert {visitor.post("/orders", {}).status_code for _ in range(120)} == {422}
    refused = visitor.post("/orders", {})
    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")


def assert_too_many(client: ApiClient, database: Database) -> None:
    answer = client.post("/orders", draft(list_event(database)))
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_orders")
    assert answer.mimetype == "application/problem+json"
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert answer.json["retry_after"] == int(answer.headers["Retry-After"])


@pytest.mark.parametrize("path", ["/api/v1/auth/login", "/account/sign-in", "/webhooks/stripe"])
def test_chunks_that_are_none_are_a_bad_request(stack: Stack, path: str) -> None:
    with web(stack) as running:
        place = urlsplit(running.url)
        with socket.create_connection((place.hostname, place.port), 10) as wire:
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            wire.sendall(head.encode() + b"zz\r\nnonsense\r\n0\r\n\r\n")
            assert wire.recv(65_536).startswith(b"HTTP/1.1 400 ")


def test_events_are_read_120_times_a_minute(visitor: ApiClient, app: APIFlask) -> None:
    assert {visitor.get("/events?limit=0").status_code for _ in range(120)} == {422}
    path = "/events/nothing-here"
    refused = visitor.get(path)
    assert refused.status_code == 429
    assert (refused.json["code"], refused.mimetype) == ("rate_limited", "application/problem+json")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert ApiClient(app).get(path).status_code == 404
