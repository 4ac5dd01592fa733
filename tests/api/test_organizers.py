"""Teams through the API: made, read, described, shown by a picture."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, calls_counted
from tests.database import Database, Person
from tests.pictures import png
from tests.selling import Guest, signed_in
from tests.sql.events import insert, insert_api_key


@pytest.fixture
def gand(omar: Guest) -> dict[str, Any]:
    """Just made by Omar."""
    answer = omar.post("/organizers", {"name": "Tandem Gand"})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def program(app: APIFlask, database: Database, team: dict[str, Any], *permissions: str) -> ApiClient:
    client = ApiClient(app)
    key = insert_api_key(database, team["id"], "organizer:read", *permissions)
    client.client.environ_base["HTTP_X_API_KEY"] = key
    return client


def test_a_team_is_made_listed_and_described(omar: Guest, gand: dict[str, Any]) -> None:
    assert (gand["role"], gand["about"]) == ("owner", "")
    assert gand["_links"].keys() >= {"self", "update", "picture"}
    assert gand["slug"] in [each["slug"] for each in omar.get("/organizers").json["data"]]
    at = f"/organizers/{gand['slug']}"
    changed = omar.patch(at, {"revision": 1, "about": "We talk.", "website": "https://tandem.example"}).json
    assert (changed["name"], changed["about"]) == ("Tandem Gand", "We talk.")
    assert omar.get(at).json["website"] == "https://tandem.example"


def test_what_is_wrong_is_said_by_field(omar: Guest, gand: dict[str, Any]) -> None:
    answer = omar.post("/organizers", {"name": " ", "slug": "A B", "hue": 400})
    assert (answer.status_code, answer.json["code"]) == (422, "organizer_refused")
    assert {error["field"] for error in answer.json["errors"]} == {"name", "slug", "hue"}
    taken = omar.post("/organizers", {"name": "Other", "slug": gand["slug"]})
    assert [error["code"] for error in taken.json["errors"]] == ["slug_taken"]
    assert (
        omar.patch(f"/organizers/{gand['slug']}", {"revision": 1, "personal_of": "me"}).json["code"]
        == "invalid_input"
    )


def test_one_call_each(omar: Guest, gand: dict[str, Any]) -> None:
    at = f"/organizers/{gand['slug']}"
    for method, path, body in (
        ("get", "/organizers", None),
        ("post", "/organizers", {"name": "Another"}),
        ("get", at, None),
        ("patch", at, {"revision": 1, "hue": 3}),
    ):
        with calls_counted() as calls:
            assert getattr(omar, method)(path, body).status_code < 300
        assert calls == {"database": 1}, (method, path)


def test_a_picture_is_drawn_anew_and_replaces_the_last(omar: Guest, gand: dict[str, Any]) -> None:
    at = f"/organizers/{gand['slug']}/picture"
    first = omar.put(at, data=png(), content_type="image/png").json
    second = omar.put(at, data=png(), content_type="image/png").json
    assert second["picture_path"].startswith(f"{gand['id']}/")
    assert httpx.get(second["picture_url"]).headers["content-type"] == "image/webp"
    assert httpx.get(first["picture_url"]).status_code in {400, 404}
    assert omar.delete(at).json["picture_url"] is None
    assert httpx.get(second["picture_url"]).status_code in {400, 404}


def test_a_program_does_what_its_key_allows(app: APIFlask, database: Database, gand: dict[str, Any]) -> None:
    at = f"/organizers/{gand['slug']}"
    able, unable = program(app, database, gand, "organizer:write"), program(app, database, gand)
    (listed,) = able.get("/organizers").json["data"]
    assert (listed["slug"], listed["role"]) == (gand["slug"], None)
    assert able.patch(at, {"revision": 1, "name": "By program"}).json["name"] == "By program"
    shown = able.put(f"{at}/picture", data=png(), content_type="image/png")
    assert (shown.status_code, bool(shown.json["picture_url"])) == (200, True)
    assert unable.get(at).json["name"] == "By program"
    assert unable.patch(at, {"revision": 2, "name": "Mine"}).json["code"] == "not_permitted"
    assert unable.put(f"{at}/picture", data=png(), content_type="image/png").status_code == 403
    assert able.post("/organizers", {"name": "Made by a program"}).status_code == 401


def test_strangers_see_and_change_nothing(
    app: APIFlask, stack: Stack, database: Database, gand: dict[str, Any]
) -> None:
    at = f"/organizers/{gand['slug']}"
    zoe = signed_in(app, stack, database.sign_up("Zoe"))
    assert zoe.get(at).json["code"] == "not_found"
    assert zoe.patch(at, {"revision": 1, "name": "Mine"}).json["code"] == "not_found"
    assert zoe.put(f"{at}/picture", data=png(), content_type="image/png").json["code"] == "not_found"
    assert zoe.get("/organizers").json["data"] == []
    assert Guest(app).get(at).status_code == 401


def test_a_role_without_the_right_puts_no_picture_into_the_teams_folder(
    dora: Guest, people: dict[str, Person], database: Database, gand: dict[str, Any]
) -> None:
    insert(database, "organizer_members", organizer_id=gand["id"], user_id=people["door"].id, role="door")
    picture = f"/organizers/{gand['slug']}/picture"
    answer = dora.put(picture, data=png(), content_type="image/png")
    assert answer.status_code == 403
    assert database.value("select picture_path from public.organizers where id = %s", [gand["id"]]) is None


def test_a_team_is_made_once_however_often_its_key_comes(omar: Guest) -> None:
    made = [
        omar.post("/organizers", {"name": "Once"}, headers={"Idempotency-Key": "team-1"}).json["slug"]
        for _ in range(2)
    ]
    assert made[0] == made[1]
    other = omar.post("/organizers", {"name": "Twice"}, headers={"Idempotency-Key": "team-1"})
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert omar.post("/organizers", {"name": "Once"}).json["slug"] != made[0]


def test_a_key_that_no_header_can_carry_is_refused(omar: Guest) -> None:
    answer = omar.post("/organizers", {"name": "Once"}, headers={"Idempotency-Key": "é"})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
