"""How many calls each page of an account costs: one to the database, and only what must be asked of Auth."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import PASSWORD, ApiClient, Browser, calls_counted, sign_up_form, token_for
from tests.database import Database
from tests.pages.test_accounts import signed_in

PROFILE = {
    "display_name": "Ana",
    "birth_date": "1990-05-17",
    "native_languages": ["fr"],
    "target_languages": ["en"],
}


@pytest.fixture(scope="module")
def ana(app: APIFlask, stack: Stack) -> tuple[Browser, str]:
    browser, email = signed_in(app, stack)
    browser.get("/account/sign-up")  # the list of languages is asked once per process
    return browser, email


@pytest.mark.parametrize(
    ("path", "calls"),
    [
        ("/account/sign-up", {}),
        ("/account/recovery", {}),
        ("/account/check-mail", {}),
        ("/auth/confirm?token_hash=x&type=signup", {}),
        ("/account/profile", {"database": 1}),
        ("/account/password", {}),
        ("/account/export", {"database": 1}),
        ("/account/erasure", {}),
        ("/session/realtime", {}),
        ("/language/en", {}),
        ("/api/docs", {}),
        ("/api/openapi.json", {}),
        ("/healthz", {}),
    ],
)
def test_opening_a_page(ana: tuple[Browser, str], path: str, calls: dict[str, int]) -> None:
    with calls_counted() as counted:
        answer = ana[0].get(path)
    assert answer.status_code in {200, 303}
    assert counted == calls


@pytest.mark.parametrize(
    ("page", "form", "calls"),
    [
        ("/account/sign-up", sign_up_form(), {"database": 1, "identity": 1}),
        ("/account/sign-up", {}, {"database": 1}),
        ("/account/recovery", {"email": "nobody@example.org"}, {"identity": 1}),
        ("/account/profile", PROFILE, {"database": 1, "identity": 1}),
    ],
)
def test_sending_a_form(
    ana: tuple[Browser, str], page: str, form: dict[str, Any], calls: dict[str, int]
) -> None:
    token = ana[0].form_token(page)
    with calls_counted() as counted:
        ana[0].client.post(page, data={**form, "csrf_token": token})
    assert counted == calls


def test_signing_in_and_out(app: APIFlask, ana: tuple[Browser, str]) -> None:
    browser = Browser(app)
    token = browser.form_token("/account/sign-in")
    with calls_counted() as counted:
        browser.client.post(
            "/account/sign-in", data={"email": ana[1], "password": PASSWORD, "csrf_token": token}
        )
    assert counted == {"identity": 1}
    token = browser.form_token("/account/profile")
    with calls_counted() as counted:
        browser.client.post("/account/sign-out", data={"csrf_token": token})
    assert counted == {"identity": 1}


def test_the_api_reads_and_changes_a_profile_in_one_call(
    app: APIFlask, stack: Stack, database: Database
) -> None:
    client = ApiClient(app, token_for(stack, database.sign_up("Ana")))
    with calls_counted() as counted:
        assert client.get("/me").status_code == 200
        assert client.patch("/me", {"location": "Namur"}).status_code == 200
    assert counted == {"database": 2}
