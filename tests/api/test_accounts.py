"""Accounts through the API, from sign-up to erasure."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import PASSWORD, ApiClient, Browser, link_fields, link_in_mail, sign_up_form
from tests.pictures import png


def confirmed(app: APIFlask, stack: Stack, name: str = "Ana") -> tuple[ApiClient, dict[str, Any]]:
    """Someone who signed up, confirmed the address and signed in; and the answer to their sign-in."""
    client, form = ApiClient(app), sign_up_form(name)
    assert client.post("/auth/signup", form).status_code == 201
    link = link_in_mail(stack, form["email"])
    assert Browser(app).submit(link, link_fields(link)).status_code == 303
    answer = client.post("/auth/login", {"email": form["email"], "password": PASSWORD}).json
    client.token = answer["access_token"]
    return client, answer


def test_a_sign_up_has_no_session_until_the_address_is_confirmed(visitor: ApiClient) -> None:
    form = sign_up_form()
    answer = visitor.post("/auth/signup", form)
    assert answer.status_code == 201
    assert answer.json["email"] == form["email"]
    assert answer.json["session"] is None
    refused = visitor.post("/auth/login", {"email": form["email"], "password": PASSWORD})
    assert (refused.status_code, refused.json["code"]) == (403, "email_not_confirmed")


def test_a_known_address_gets_the_same_answer_as_a_new_one(
    app: APIFlask, stack: Stack, visitor: ApiClient
) -> None:
    _, signed_in = confirmed(app, stack)
    new, known = sign_up_form(), sign_up_form(email=signed_in["user"]["email"])
    answers = [visitor.post("/auth/signup", form) for form in (new, known)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json["session"] == answers[1].json["session"]
    assert answers[0].json["_links"] == answers[1].json["_links"]


def test_every_wrong_field_of_a_sign_up_is_told_at_once(visitor: ApiClient) -> None:
    form = sign_up_form(
        email="nobody", password="12345678", display_name=" ", birth_date="tomorrow",
        native_languages=[], target_languages=["xx"], consent=False,
    )  # fmt: skip
    answer = visitor.post("/auth/signup", form)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert {(error["field"], error["code"]) for error in answer.json["errors"]} == {
        ("email", "email_invalid"),
        ("password", "password_too_short"),
        ("display_name", "display_name_missing"),
        ("birth_date", "birth_date_invalid"),
        ("native_languages", "native_language_missing"),
        ("target_languages", "target_language_missing"),
        ("consent", "consent_missing"),
    }
    assert all(error["message"] for error in answer.json["errors"])


@pytest.mark.parametrize(("days_short", "status"), [(0, 201), (1, 422)])
def test_one_may_join_on_the_18th_birthday(visitor: ApiClient, days_short: int, status: int) -> None:
    today = date.today()
    birthday = today.replace(year=today.year - 18).toordinal() + days_short
    answer = visitor.post("/auth/signup", sign_up_form(birth_date=date.fromordinal(birthday).isoformat()))
    assert answer.status_code == status


@pytest.mark.parametrize(("length", "status"), [(8, 422), (9, 201), (72, 201), (73, 422)])
def test_passwords_have_9_to_72_characters(visitor: ApiClient, length: int, status: int) -> None:
    password = ("Violet-" + "x7!" * 30)[:length]
    assert visitor.post("/auth/signup", sign_up_form(password=password)).status_code == status


def test_an_international_address_may_sign_up_and_a_malformed_one_may_not(visitor: ApiClient) -> None:
    answer = visitor.post("/auth/signup", sign_up_form(email="ana@exa_mple..org"))
    assert [error["code"] for error in answer.json["errors"]] == ["email_invalid"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"password": "x"}, "email", "required"),
        ({"email": 7, "password": "x"}, "email", "invalid"),
        ({"email": "a@b.example", "password": "x", "admin": True}, "admin", "unknown_field"),
        ([1], "body", "invalid"),
    ],
)
def test_a_body_of_another_shape_is_refused(visitor: ApiClient, body: Any, field: str, code: str) -> None:
    answer = visitor.post("/auth/login", body)
    assert answer.status_code == 422
    assert {"field": field, "code": code}.items() <= answer.json["errors"][0].items()


def test_malformed_json_is_a_bad_request(visitor: ApiClient) -> None:
    answer = visitor.post("/auth/login", data="{", content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_json")


def test_a_form_is_not_json(visitor: ApiClient) -> None:
    answer = visitor.post("/auth/login", data={"email": "a@b.example"})
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


def test_a_wrong_password_and_an_unknown_address_are_told_alike(app: APIFlask, stack: Stack) -> None:
    client, signed_in = confirmed(app, stack)
    answers = [
        client.post("/auth/login", {"email": email, "password": "not this one"})
        for email in (signed_in["user"]["email"], "nobody@example.org")
    ]
    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [
        (401, "invalid_credentials")
    ] * 2
    assert answers[0].json["detail"] == answers[1].json["detail"]


def test_the_profile_is_read_changed_and_linked(app: APIFlask, stack: Stack) -> None:
    ana, signed_in = confirmed(app, stack)
    me = ana.get("/me").json
    assert me["id"] == signed_in["user"]["id"]
    assert (me["display_name"], me["native_languages"], me["target_languages"]) == (
        "Ana",
        ["fr"],
        ["en", "nl"],
    )
    assert me["consent_at"]
    assert me["_links"]["update"] == {"href": "/api/v1/me", "method": "PATCH"}
    changed = ana.patch("/me", {"location": "Namur", "target_languages": ["nl"]}).json
    assert (changed["location"], changed["target_languages"], changed["display_name"]) == (
        "Namur",
        ["nl"],
        "Ana",
    )


def test_wrong_changes_change_nothing(app: APIFlask, stack: Stack) -> None:
    ana, _ = confirmed(app, stack)
    answer = ana.patch("/me", {"display_name": "", "native_languages": [], "location": "Namur"})
    assert (answer.status_code, answer.json["code"]) == (422, "profile_refused")
    assert {error["field"] for error in answer.json["errors"]} == {"display_name", "native_languages"}
    assert ana.get("/me").json["location"] is None


def test_a_token_of_a_signed_out_session_is_refused_at_once(app: APIFlask, stack: Stack) -> None:
    ana, signed_in = confirmed(app, stack)
    assert ana.post("/auth/logout").status_code == 204
    answer = ana.get("/me")
    assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
    refreshed = ana.post("/auth/refresh", {"refresh_token": signed_in["refresh_token"]})
    assert (refreshed.status_code, refreshed.json["code"]) == (401, "session_over")


def test_a_refresh_gives_new_tokens(app: APIFlask, stack: Stack) -> None:
    ana, signed_in = confirmed(app, stack)
    renewed = ApiClient(app).post("/auth/refresh", {"refresh_token": signed_in["refresh_token"]}).json
    assert renewed["refresh_token"] != signed_in["refresh_token"]
    assert renewed["user"] == signed_in["user"]
    ana.token = renewed["access_token"]
    assert ana.get("/me").status_code == 200


def test_what_people_write_into_auths_metadata_keeps_nobody_out(app: APIFlask, stack: Stack) -> None:
    ana, signed_in = confirmed(app, stack)
    written = httpx.put(
        f"{stack.settings.supabase_url}/auth/v1/user",
        json={"data": {"display_name": {"a": 1}}},
        headers={"apikey": stack.settings.secrets.publishable_key, "Authorization": f"Bearer {ana.token}"},
    )
    assert written.status_code == 200
    again = ana.post("/auth/login", {"email": signed_in["user"]["email"], "password": PASSWORD})
    assert (again.status_code, again.json["user"]["display_name"]) == (200, None)


def test_recovery_answers_everyone_alike(app: APIFlask, stack: Stack) -> None:
    client, signed_in = confirmed(app, stack)
    for email in (signed_in["user"]["email"], "nobody@example.org", "not an address"):
        answer = client.post("/auth/recovery", {"email": email})
        assert (answer.status_code, answer.json) == (202, {})


def test_a_picture_is_drawn_anew_and_replaces_the_last(app: APIFlask, stack: Stack) -> None:
    ana, signed_in = confirmed(app, stack)
    first = ana.put("/me/avatar", data=png(), content_type="image/png").json
    second = ana.put("/me/avatar", data=png(), content_type="image/png").json
    assert first["avatar_path"] != second["avatar_path"]
    assert second["avatar_path"].startswith(f"{signed_in['user']['id']}/")
    shown = httpx.get(second["avatar_url"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert httpx.get(first["avatar_url"]).status_code in {400, 404}


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", 422),
        (b"", "image/png", 422),
        (b"x" * (5 * 1024 * 1024 + 1), "image/png", 413),
        (b"x" * (7 * 1024 * 1024), "image/png", 413),
    ],
)
def test_what_is_no_picture_is_refused(
    app: APIFlask, stack: Stack, content: bytes, media_type: str, status: int
) -> None:
    ana, _ = confirmed(app, stack)
    assert ana.put("/me/avatar", data=content, content_type=media_type).status_code == status


@pytest.mark.parametrize("bucket", ["avatars", "covers", "pictures"])
def test_storage_itself_takes_nothing_from_people(app: APIFlask, stack: Stack, bucket: str) -> None:
    ana, signed_in = confirmed(app, stack)
    kept = ana.put("/me/avatar", data=png(), content_type="image/png").json
    key = {"apikey": stack.settings.secrets.publishable_key, "Authorization": f"Bearer {ana.token}"}
    with httpx.Client(base_url=f"{stack.settings.supabase_url}/storage/v1/object", headers=key) as storage:
        for name in ("raw.webp", "x.html"):
            path = f"{bucket}/{signed_in['user']['id']}/{name}"
            sent = storage.post(f"/{path}", content=b"<script>", headers={"Content-Type": "image/webp"})
            assert sent.status_code in {400, 403}
            assert storage.get(f"/public/{path}").status_code in {400, 404}
        overwritten = storage.put(
            f"/avatars/{kept['avatar_path']}", content=b"x", headers={"Content-Type": "image/webp"}
        )
        assert overwritten.status_code in {400, 403, 404}
        storage.request("DELETE", "/avatars", json={"prefixes": [kept["avatar_path"]]})
        assert storage.get(f"/public/avatars/{kept['avatar_path']}").headers["content-type"] == "image/webp"


def test_everything_held_is_given_and_then_erased(app: APIFlask, stack: Stack) -> None:
    ana, signed_in = confirmed(app, stack)
    picture = ana.put("/me/avatar", data=png(), content_type="image/png").json["avatar_url"]
    assert ana.get("/me/export").json["profile"]["email"] == signed_in["user"]["email"]
    assert ana.delete("/me").status_code == 204
    assert ana.get("/me").status_code == 401
    again = ana.post("/auth/login", {"email": signed_in["user"]["email"], "password": PASSWORD})
    assert again.json["code"] == "invalid_credentials"
    assert httpx.get(picture).status_code in {400, 404}


def test_sign_ups_are_limited_to_five_a_minute(visitor: ApiClient) -> None:
    answers = [visitor.post("/auth/signup", {}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[-1].json["code"] == "rate_limited"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_sign_ins_are_limited_to_ten_a_minute(visitor: ApiClient) -> None:
    answers = [visitor.post("/auth/login", {}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_languages_have_names_in_several_languages(visitor: ApiClient) -> None:
    answer = visitor.get("/languages").json
    names = {language["code"]: language["names"] for language in answer["data"]}
    assert (names["nl"]["en"], names["nl"]["fr"], names["nl"]["self"]) == (
        "Dutch",
        "néerlandais",
        "Nederlands",
    )
    assert answer["_links"]["self"]["href"] == "/api/v1/languages"
