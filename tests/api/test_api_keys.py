"""API keys through the API, and how their use is noted."""

from __future__ import annotations

import pytest
from apiflask import APIFlask

from tests.application import ApiClient, calls_counted
from tests.database import Database
from tests.selling import Guest
from web import key_uses


@pytest.fixture(autouse=True)
def _a_minute_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's key has been noted."""
    monkeypatch.setattr(key_uses, "_noted", {})


def test_a_key_is_made_used_and_revoked(app: APIFlask, omar: Guest, workspace: str) -> None:
    made = omar.post(f"{workspace}/api-keys", {"name": "Website", "permissions": ["events:read"]})
    assert (made.status_code, made.json["permissions"]) == (201, ["events:read", "organizer:read"])
    program = ApiClient(app)
    program.client.environ_base["HTTP_X_API_KEY"] = made.json["key"]
    assert program.get(f"{workspace}/events").status_code == 200
    assert program.get(f"{workspace}/api-keys").json["code"] == "not_permitted"
    (listed,) = omar.get(f"{workspace}/api-keys").json["data"]
    assert (listed["prefix"], "key" in listed) == (made.json["key"][:8], False)
    assert omar.delete(f"{workspace}/api-keys/{listed['id']}").status_code == 204
    assert program.get(f"{workspace}/events").json["code"] == "api_key_unknown"
    (revoked,) = omar.get(f"{workspace}/api-keys").json["data"]
    assert (bool(revoked["revoked_at"]), revoked["_links"]) == (True, {})


def test_what_is_wrong_is_said_by_field(omar: Guest, workspace: str) -> None:
    answer = omar.post(f"{workspace}/api-keys", {"name": "", "permissions": ["root"]})
    assert (answer.status_code, answer.json["code"]) == (422, "key_refused")
    assert {error["field"] for error in answer.json["errors"]} == {"name", "permissions"}


def test_use_is_noted_by_one_more_call_a_minute(
    app: APIFlask, database: Database, omar: Guest, workspace: str
) -> None:
    made = omar.post(f"{workspace}/api-keys", {"name": "Website", "permissions": ["events:read"]}).json
    program, costs = ApiClient(app), []
    for _ in range(3):
        with calls_counted() as calls:
            program.get(f"{workspace}/events", headers={"X-Api-Key": made["key"]}).close()
        costs.append(calls["database"])
    assert costs == [2, 1, 1]
    assert database.value("select last_used_at from public.api_keys where id = %s", [made["id"]])


def test_a_person_who_shows_a_key_too_is_a_person(
    app: APIFlask, database: Database, omar: Guest, workspace: str
) -> None:
    made = omar.post(f"{workspace}/api-keys", {"name": "Website", "permissions": ["events:read"]}).json
    with calls_counted() as calls:
        answer = omar.get(f"{workspace}/api-keys", headers={"X-Api-Key": made["key"]})
        answer.close()
    assert (answer.status_code, calls) == (200, {"database": 1})


def test_an_unknown_key_is_not_noted(app: APIFlask, workspace: str) -> None:
    with calls_counted() as calls:
        ApiClient(app).get(f"{workspace}/events", headers={"X-Api-Key": "gk_" + "x" * 43}).close()
    assert calls == {"database": 1}
