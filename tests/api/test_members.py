"""Members and invitations through the API, with a token and with a team's key."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database, Person
from tests.selling import Guest, signed_in
from tests.sql.events import insert_api_key


def mailed_secret(database: Database, email: str) -> str:
    path = database.value(
        "select facts ->> 'site_path' from public.deliveries"
        " where recipient = %s order by created_at desc limit 1",
        [email],
    )
    return str(path).removeprefix("/invitations/")


def test_from_the_invitation_to_the_departure(
    app: APIFlask, stack: Stack, database: Database, omar: Guest, workspace: str
) -> None:
    ana = database.sign_up("Ana")
    made = omar.post(f"{workspace}/invitations", {"email": ana.email, "role": "manager"})
    assert (made.status_code, made.json["state"]) == (201, "open")
    assert [each["email"] for each in omar.get(f"{workspace}/invitations").json["data"]] == [ana.email]
    secret = mailed_secret(database, ana.email)
    seen = ApiClient(app).get(f"/invitations/{secret}").json
    assert (seen["role"], seen["mine"]) == ("manager", False)
    hers = signed_in(app, stack, ana)
    joined = hers.post(f"/invitations/{secret}/acceptance")
    assert (joined.status_code, joined.json["role"]) == (201, "manager")
    assert hers.post(f"/invitations/{secret}/acceptance").json["code"] == "invitation_over"
    assert omar.get(f"{workspace}/invitations").json["data"] == []
    assert len(hers.get(f"{workspace}/members").json["data"]) == 5
    assert hers.delete(f"{workspace}/membership").status_code == 204
    assert hers.get(f"{workspace}/members").json["code"] == "not_found"


def test_an_invitation_is_sent_again_and_withdrawn(database: Database, omar: Guest, workspace: str) -> None:
    made = omar.post(f"{workspace}/invitations", {"email": "new@example.org", "role": "door"}).json
    again = omar.post(f"{workspace}/invitations/{made['id']}/mails")
    assert (again.status_code, again.json["id"]) == (201, made["id"])
    assert omar.delete(f"{workspace}/invitations/{made['id']}").status_code == 204
    assert omar.delete(f"{workspace}/invitations/{made['id']}").json["code"] == "not_found"


def test_roles_change_and_members_go(omar: Guest, people: dict[str, Person], workspace: str) -> None:
    dora = f"{workspace}/members/{people['door'].id}"
    assert omar.patch(dora, {"role": "finance"}).json["role"] == "finance"
    assert omar.patch(dora, {"role": "boss"}).json["code"] == "invalid_input"
    assert omar.delete(dora).status_code == 204
    assert omar.delete(dora).json["code"] == "not_found"
    assert omar.delete(f"{workspace}/membership").json["code"] == "last_owner"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "nobody", "role": "door"}, "email_invalid"),
        ({"email": "a@example.org", "role": "king"}, "invalid_input"),
        ({"email": "a@example.org"}, "invalid_input"),
        ({"role": "door"}, "invalid_input"),
    ],
)
def test_what_makes_no_sense_is_refused(omar: Guest, workspace: str, body: dict[str, Any], code: str) -> None:
    answer = omar.post(f"{workspace}/invitations", body)
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_one_call_each(omar: Guest, people: dict[str, Person], workspace: str) -> None:
    with calls_counted() as calls:
        omar.get(f"{workspace}/members")
        made = omar.post(f"{workspace}/invitations", {"email": "one@example.org", "role": "door"}).json
        omar.post(f"{workspace}/invitations/{made['id']}/mails")
        omar.patch(f"{workspace}/members/{people['door'].id}", {"role": "manager"})
    assert calls == {"database": 4}


def test_a_program_with_the_right_key_invites(
    app: APIFlask, database: Database, team: uuid.UUID, workspace: str
) -> None:
    program = ApiClient(app)
    key = insert_api_key(
        database, team, "organizer:read", "team:read", "team:write", "events:read", "tickets:scan"
    )
    made = program.post(
        f"{workspace}/invitations", {"email": "p@example.org", "role": "door"}, headers={"X-Api-Key": key}
    )
    assert (made.status_code, made.json["invited_by"]) == (201, None)
    reader = insert_api_key(database, team, "organizer:read", "team:read")
    assert len(program.get(f"{workspace}/members", headers={"X-Api-Key": reader}).json["data"]) == 4
    refused = program.post(
        f"{workspace}/invitations", {"email": "q@example.org", "role": "door"}, headers={"X-Api-Key": reader}
    )
    assert refused.json["code"] == "not_permitted"
