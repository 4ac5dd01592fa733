"""Everybody wants the last seats at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from local.stack import Stack
from tests.application import some_address
from tests.database import Database
from tests.processes import web
from tests.selling import Listing, draft, list_event

SEATS, BUYERS = 50, 200
ONE_EACH = httpx.Limits(max_connections=BUYERS, max_keepalive_connections=0)  # nobody shares a connection


def test_the_last_fifty_seats_are_sold_once_to_two_hundred_who_ask_at_once(
    stack: Stack, database: Database
) -> None:
    listing = list_event(database, seats=SEATS)
    with (
        web(stack, WEB_CONCURRENCY="2") as site,
        httpx.Client(base_url=site.url, timeout=60, limits=ONE_EACH, trust_env=False) as client,
        ThreadPoolExecutor(BUYERS) as crowd,
    ):
        answers = list(crowd.map(lambda _: attempt(client, listing), range(BUYERS)))
    assert Counter(outcome(answer) for answer in answers) == {
        (201, "pending"): SEATS,
        (409, "sold_out"): BUYERS - SEATS,
    }
    assert database.service().call("check_pools") == []
    held = "select held, sold from public.pools where event_id = %s and ticket_type_id is null"
    assert database.rows(held, [listing.id]) == [(SEATS, 0)]
    assert len({answer.json()["reference"] for answer in answers if answer.status_code == 201}) == SEATS


def attempt(client: httpx.Client, listing: Listing) -> httpx.Response:
    headers = {"X-Forwarded-For": some_address()}
    return client.post("/api/v1/orders", json=draft(listing), headers=headers)


def outcome(answer: httpx.Response) -> tuple[int, str]:
    told = answer.json()
    return answer.status_code, told.get("code") or told["status"]
