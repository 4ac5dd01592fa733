"""What the Data API may answer, and what we make of it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import pytest

from services import caller
from services.caller import Caller
from services.outside.database import Database
from services.outside.pool import Pool
from services.refusals import Refusal, Unavailable
from tests.contract.outside import Wire, server, settings, wire


def database(at: Wire) -> Database:
    return Database(settings(), at.pool)


def failure(status: int, code: str, message: str = "", details: str | None = None) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": message, "details": details, "hint": "Try."})


def refused(answer: httpx.Response) -> Refusal:
    with pytest.raises(Refusal) as raised:
        database(wire(answer)).call("place_order")
    return raised.value


def test_a_call_names_its_function_its_arguments_and_its_caller() -> None:
    at = wire(httpx.Response(200, json={"events": []}))
    ana = Caller(
        access_token="token", order_secret="secret", address="203.0.113.7", correlation_id="abc", locale="fr"
    )
    with caller.acting_as(ana):
        answer = database(at).call("list_events", q="thé", starts_from=datetime(2026, 11, 20, tzinfo=UTC))
    request = at.asked[0]
    assert answer == {"events": []}
    assert str(request.url) == "https://project.supabase.co/rest/v1/rpc/list_events"
    assert json.loads(request.content) == {"q": "thé", "starts_from": "2026-11-20 00:00:00+00:00"}
    sent = {
        name: request.headers[name]
        for name in ("apikey", "authorization", "x-order-secret", "x-client-address", "x-client-signature")
    }
    assert sent == {
        "apikey": "sb_publishable_x",
        "authorization": "Bearer token",
        "x-order-secret": "secret",
        "x-client-address": "203.0.113.7",
        "x-client-signature": "f90725f1b49ae1b9ce9e2aca2bbef756b52efb9825304f3112ea25520dbe27fd",
    }
    assert (request.headers["x-request-id"], request.headers["accept-language"]) == ("abc", "fr")


def test_a_visitor_shows_the_publishable_key_and_a_job_the_secret_one() -> None:
    at = wire(httpx.Response(200, json=None))
    gateway = database(at)
    gateway.call("list_events")
    with caller.acting_as(Caller(access_token="token")):
        gateway.call_as_service("expire_holds")
    keys = [(request.headers["apikey"], request.headers["authorization"]) for request in at.asked]
    assert keys == [("sb_publishable_x", "Bearer sb_publishable_x"), ("sb_secret_x", "Bearer sb_secret_x")]


def test_one_persons_token_never_rides_on_anothers_call() -> None:
    at = wire(httpx.Response(200, json=None))
    gateway = database(at)
    for token in ("ana", None, "omar"):
        with caller.acting_as(Caller(access_token=token)):
            gateway.call("read_me")
    shown = [request.headers["authorization"] for request in at.asked]
    assert shown == ["Bearer ana", "Bearer sb_publishable_x", "Bearer omar"]


@pytest.mark.parametrize(
    "answer", [httpx.Response(204), httpx.Response(200, content=b""), httpx.Response(200, json=None)]
)
def test_nothing_is_an_answer(answer: httpx.Response) -> None:
    assert database(wire(answer)).call("read_me") is None


def test_a_refusal_keeps_its_word_status_facts_and_hint() -> None:
    refusal = refused(failure(409, "PT409", "sold_out", '{"left": 1}'))
    assert (refusal.word, refusal.status, refusal.detail, refusal.hint) == (
        "sold_out",
        409,
        {"left": 1},
        "Try.",
    )


@pytest.mark.parametrize("details", [None, "a sentence", "[1]"])
def test_a_refusal_without_facts_has_none(details: str | None) -> None:
    assert refused(failure(404, "PT404", "not_found", details)).detail == {}


@pytest.mark.parametrize(
    ("status", "code", "token", "word"),
    [
        (401, "42501", None, "sign_in_required"),
        (403, "42501", "token", "forbidden"),
        (401, "PGRST301", "token", "sign_in_required"),
        (401, "PGRST303", "token", "sign_in_required"),
        (400, "22P02", None, "invalid_input"),
    ],
)
def test_postgres_own_refusals_have_our_words(status: int, code: str, token: str | None, word: str) -> None:
    with caller.acting_as(Caller(access_token=token)):
        assert refused(failure(status, code)).word == word


def test_a_key_the_gateway_does_not_know_is_a_refusal() -> None:
    assert refused(httpx.Response(401, json={"message": "Invalid API key"})).word == "sign_in_required"


@pytest.mark.parametrize(
    "answer",
    [
        failure(500, "57014", "canceling statement due to statement timeout"),
        failure(503, "PGRST000", "no connection"),
        failure(500, "53300", "too many connections"),
        httpx.Response(502, text="<html>Bad gateway</html>"),
        httpx.Response(503),
        httpx.Response(429, json={"message": "too many"}),
        httpx.Response(200, text="<html>welcome</html>"),
        httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.PoolTimeout("busy"),
        httpx.RemoteProtocolError("disconnected"),
    ],
)
def test_what_is_no_answer_means_that_the_database_is_away(answer: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        database(wire(answer)).call("place_order")
    assert raised.value.provider == "database"


def test_a_call_that_does_not_fit_is_our_own_fault() -> None:
    with pytest.raises(RuntimeError, match="PGRST202"):
        database(wire(failure(404, "PGRST202", "Could not find the function"))).call("no_such")


@pytest.mark.parametrize(("function", "times"), [("read_event", 2), ("place_order", 1)])
def test_a_dead_connection_is_tried_again_only_for_reads(function: str, times: int) -> None:
    at = wire(httpx.RemoteProtocolError("disconnected"), httpx.Response(200, json={}))
    gateway = database(at)
    if times == 2:
        assert gateway.call(function) == {}
    else:
        with pytest.raises(Unavailable):
            gateway.call(function)
    assert len(at.asked) == times


def test_a_deadlock_is_tried_once_more() -> None:
    at = wire(failure(500, "40P01", "deadlock detected"), httpx.Response(200, json={"reference": "GC"}))
    assert database(at).call("place_order") == {"reference": "GC"}
    at = wire(failure(500, "40P01", "deadlock detected"))
    with pytest.raises(Unavailable):
        database(at).call("place_order")
    assert len(at.asked) == 2


def test_what_only_a_migration_changes_is_asked_once() -> None:
    at = wire(httpx.Response(200, json=[{"code": "nl"}]))
    gateway = database(at)
    assert gateway.recall("list_languages") == gateway.recall("list_languages") == [{"code": "nl"}]
    assert len(at.asked) == 1


def test_a_slow_database_is_given_up_on_in_time() -> None:
    def dawdle(request: BaseHTTPRequestHandler) -> None:
        time.sleep(1)

    with server(dawdle) as address:
        pool = Pool(timeout=httpx.Timeout(0.2))
        gateway = Database(settings(supabase_url=address), pool)
        started = time.monotonic()
        with pytest.raises(Unavailable):
            gateway.call("place_order")
        assert time.monotonic() - started < 0.9


def test_connections_are_kept_and_a_closed_one_is_replaced() -> None:
    peers = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        peers.append(request.client_address)
        request.send_response(200)
        request.send_header("Content-Length", "2")
        if len(peers) == 2:
            request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(b"{}")

    with server(answer) as address:
        gateway = Database(settings(supabase_url=address), Pool())
        for _ in range(3):
            assert gateway.call("place_order") == {}
    assert peers[0] == peers[1] != peers[2]
