"""Who one is: access tokens and orders' secrets, true and false."""

from __future__ import annotations

import base64
import json
import time
import uuid
from typing import Any

import jwt
import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, settings_for, token_for
from tests.database import Database, Person
from tests.selling import Guest, draft, list_event, signed_in

ANOTHER_SECRET = "another project's secret, just as long as ours is, so that nothing else differs"


@pytest.fixture
def ana(database: Database) -> Person:
    return database.sign_up("Ana")


def test_a_true_token_opens_ones_orders(app: APIFlask, stack: Stack, ana: Person) -> None:
    assert ApiClient(app, token_for(stack, ana)).get("/orders").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"aud": "service"},
        {"aud": None},
        {"iss": "https://elsewhere.supabase.co/auth/v1"},
        {"iss": None},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_for_elsewhere_or_another_time_is_refused(
    app: APIFlask, stack: Stack, ana: Person, claims: dict[str, Any]
) -> None:
    assert_unknown(ApiClient(app, token_for(stack, ana, **claims)))


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -1), ("nbf", 3600)])
def test_a_token_of_just_before_or_not_yet_is_refused(
    app: APIFlask, stack: Stack, ana: Person, claim: str, seconds: int
) -> None:
    assert_unknown(ApiClient(app, token_for(stack, ana, **{claim: int(time.time()) + seconds})))


def test_a_forged_token_is_refused(app: APIFlask, stack: Stack, ana: Person) -> None:
    token = token_for(stack, ana)
    claims = jwt.decode(token, options={"verify_signature": False})
    header, payload, signature = token.split(".")
    omar = base64.urlsafe_b64encode(json.dumps({**claims, "sub": str(uuid.uuid4())}).encode()).rstrip(b"=")
    for forged in (
        jwt.encode(claims, ANOTHER_SECRET, "HS256"),
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, settings_for(stack).supabase_jwt_secret or "", "HS512"),
        f"{header}.{omar.decode()}.{signature}",
        f"{header}.{payload}.",
        f"{header}.{payload}",
        "x.y.z",
        "",
    ):
        assert_unknown(ApiClient(app, forged or " "))


@pytest.mark.parametrize("header", ["Basic YW5hOmFuYQ==", "Bearer", "bearer ", "Token x", "Bearer é", "x"])
def test_another_kind_of_proof_is_refused_even_where_none_is_needed(app: APIFlask, header: str) -> None:
    answer = ApiClient(app).get("/events", headers={"Authorization": header})
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_required")


def test_a_token_of_a_session_that_ended_opens_nothing(
    app: APIFlask, stack: Stack, database: Database, ana: Person
) -> None:
    listing, client = list_event(database), signed_in(app, stack, ana)
    order = client.hold(listing)
    database.sign_out(ana)
    for answer in (
        client.get("/orders"),
        client.get(f"/orders/{order['reference']}"),
        client.post("/orders", draft(list_event(database))),
        client.post(f"/orders/{order['reference']}/checkout"),
        client.post(f"/orders/{order['reference']}/cancellation"),
        client.get("/me"),
    ):
        assert (answer.status_code, answer.json["code"]) == (401, "signed_out")


def test_a_token_that_names_another_session_or_none_is_refused(
    app: APIFlask, stack: Stack, database: Database, ana: Person
) -> None:
    omar = database.sign_up("Omar")
    for session in (str(omar.session), str(uuid.uuid4()), None):
        answer = ApiClient(app, token_for(stack, ana, session_id=session)).get("/orders")
        assert (answer.status_code, answer.json["code"]) == (401, "signed_out")


def test_a_token_cannot_ask_for_more_than_a_person_may(app: APIFlask, stack: Stack, ana: Person) -> None:
    for role in ("service_role", "postgres", "supabase_admin"):
        answer = ApiClient(app, token_for(stack, ana, role=role)).get("/orders")
        assert answer.status_code in {401, 403, 503}, role


def test_only_the_orders_own_secret_opens_it(app: APIFlask, database: Database) -> None:
    listing = list_event(database)
    gaston, lea = Guest(app), Guest(app)
    his, hers = gaston.hold(listing), lea.hold(listing)
    secret = his["secret"]
    forged = [
        hers["secret"],
        secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        secret[:22] + hers["secret"][22:],
        secret[:-1],
        secret + "A",
        "A" * 43,
        "'--",
        "é",
        "x" * 5000,
    ]
    for wrong in forged:
        answer = ApiClient(app).get(f"/orders/{his['reference']}", headers={"X-Order-Secret": wrong})
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), wrong
    assert gaston.read()["id"] == his["id"]


def test_a_secret_says_nothing_that_could_be_guessed(app: APIFlask, database: Database) -> None:
    order = Guest(app).hold(list_event(database))
    assert len(order["secret"]) == 43
    assert order["reference"] not in order["secret"]
    read = ApiClient(app).get(f"/orders/{order['reference']}", headers={"X-Order-Secret": order["secret"]})
    assert "secret" not in read.json  # it is shown once


def test_a_person_may_open_a_guests_order_with_its_secret(
    app: APIFlask, stack: Stack, database: Database, ana: Person
) -> None:
    order = Guest(app).hold(list_event(database))
    client = ApiClient(app, token_for(stack, ana))
    headers = {"X-Order-Secret": order["secret"]}
    assert client.get(f"/orders/{order['reference']}", headers=headers).json["id"] == order["id"]
    assert client.get("/orders").json["data"] == []


def assert_unknown(client: ApiClient) -> None:
    for answer in (client.get("/orders"), client.get("/events"), client.post("/orders", {})):
        assert (answer.status_code, answer.json["code"]) == (401, "sign_in_required")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
