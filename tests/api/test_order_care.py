"""What a team does about an order through the API: with a token, and with the team's key."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database
from tests.sandbox import Sandbox
from tests.selling import Guest, list_event, signed_in
from tests.sql.events import insert_api_key


@pytest.fixture
def order(app: APIFlask, database: Database, team: uuid.UUID, sandbox: Sandbox) -> dict[str, Any]:
    """Two seats, bought by a guest."""
    return Guest(app).buy(list_event(database, organizer_id=team), sandbox, 2)


@pytest.fixture
def program(app: APIFlask, database: Database, team: uuid.UUID) -> ApiClient:
    """The team's own, allowed all that owners may do with orders."""
    client = ApiClient(app)
    key = insert_api_key(database, team, "organizer:read", "orders:read", "orders:write", "orders:refund")
    client.client.environ_base["HTTP_X_API_KEY"] = key
    return client


def test_a_file_costs_one_call_and_links_to_what_may_be_done(
    omar: Guest, workspace: str, order: dict[str, Any]
) -> None:
    with calls_counted() as calls:
        file = omar.get(f"{workspace}/orders/{order['reference']}")
    assert (file.status_code, calls) == (200, {"database": 1})
    assert file.json["order"]["reference"] == order["reference"]
    assert set(file.json["_links"]) == {
        "self", "page", "event", "refund_preview", "refunds", "mails", "buyer", "notes"
    }  # fmt: skip
    assert omar.get(f"/organizers/another/orders/{order['reference']}").json["code"] == "not_found"


def test_a_program_refunds_a_seat_and_reads_what_came_of_it(
    program: ApiClient, order: dict[str, Any], sandbox: Sandbox
) -> None:
    at, seat = f"/orders/{order['reference']}/refunds", order["attendees"][1]["id"]
    preview = program.get(f"{at}/preview?attendees={seat}").json
    assert (preview["refund_cents"], preview["kept_cents"], preview["attendees"]) == (1500, 3000, [seat])
    answer = program.post(at, {"reason": "Sorry", "attendees": [seat], "kept_cents": 3000})
    assert answer.status_code == 200, answer.text
    assert (answer.json["refunded_cents"], answer.json["cancellation"]["status"]) == (1500, "done")
    again = program.post(at, {"reason": "Sorry", "amount_cents": 100, "kept_cents": 3000})
    assert (again.status_code, again.json["code"]) == (409, "money_moved")


def test_a_refund_that_nobody_heard_of_is_asked_for_again_and_made_once(
    program: ApiClient, order: dict[str, Any], sandbox: Sandbox
) -> None:
    at, key = f"/orders/{order['reference']}/refunds", {"Idempotency-Key": "one refund"}
    for _ in range(2):
        answer = program.post(at, {"reason": "Sorry", "amount_cents": 500}, headers=key)
        assert (answer.status_code, answer.json["refunded_cents"]) == (200, 500)
    assert [refund["amount"] for refund in sandbox.refunds_of(order)] == [500]
    other = program.post(at, {"reason": "Sorry", "amount_cents": 600}, headers=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


def test_names_and_addresses_change(app: APIFlask, program: ApiClient, order: dict[str, Any]) -> None:
    at = f"/orders/{order['reference']}"
    answer = program.put(f"{at}/attendees/{order['attendees'][1]['id']}", {"name": "Bea"})
    assert answer.json["order"]["attendees"][1]["name"] == "Bea"
    answer = program.put(f"{at}/buyer", {"name": "Gustav", "email": "gustav@example.org"})
    assert answer.json["order"]["buyer"]["email"] == "gustav@example.org"
    assert "order_readdressed" in [line.get("what") for line in answer.json["history"]]
    assert program.put(f"{at}/buyer", {"name": "Gustav", "email": "x"}).json["code"] == "buyer_email_invalid"


def test_mails_go_out_again_a_few_times_an_hour(
    database: Database, program: ApiClient, order: dict[str, Any]
) -> None:
    database.rows("update public.deliveries set status = 'sent' where order_id = %s", [order["id"]])
    mail = database.value("select id::text from public.deliveries where order_id = %s", [order["id"]])
    mails = [program.post(f"/orders/{order['reference']}/mails", {"delivery_id": mail}) for _ in range(4)]
    assert [answer.status_code for answer in mails] == [200, 200, 200, 429]
    assert 0 < int(mails[-1].headers["Retry-After"]) <= 3600


def test_an_unpaid_order_is_given_back(
    app: APIFlask, database: Database, team: uuid.UUID, program: ApiClient
) -> None:
    reference = Guest(app).hold(list_event(database, organizer_id=team))["reference"]
    answer = program.post(f"/orders/{reference}/release", {"reason": "A mistake"})
    assert answer.json["order"]["status"] == "cancelled"
    assert program.post(f"/orders/{reference}/release", {"reason": "x"}).json["code"] == "cannot_cancel"


def test_a_note_is_for_the_team_alone(program: ApiClient, omar: Guest, order: dict[str, Any]) -> None:
    answer = program.post(f"/orders/{order['reference']}/notes", {"body": "Brings a dog."})
    assert [line["body"] for line in answer.json["history"] if line["kind"] == "note"] == ["Brings a dog."]
    assert "dog" not in omar.get(f"/orders/{order['reference']}").text
    assert program.post(f"/orders/{order['reference']}/notes", {"body": " "}).json["code"] == "note_invalid"


def test_nobody_else_touches_a_teams_order(
    app: APIFlask, stack: Stack, database: Database, order: dict[str, Any]
) -> None:
    zoe, at = signed_in(app, stack, database.sign_up("Zoe")), f"/orders/{order['reference']}"
    for path, body in (
        (f"{at}/notes", {"body": "x"}),
        (f"{at}/mails", {"delivery_id": str(uuid.uuid4())}),
        (f"{at}/refunds", {"reason": "x"}),
    ):
        assert zoe.post(path, body).json["code"] == "not_found"
        assert Guest(app).post(path, body).status_code == 401
    assert zoe.get(f"{at}/refunds/preview").json["code"] == "not_found"
