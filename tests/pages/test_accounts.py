"""Accounts through the pages, without any script running."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import PASSWORD, Browser, link_fields, link_in_mail, sign_up_form
from tests.pictures import png


def signed_up(browser: Browser, name: str = "Ana", **changes: Any) -> dict[str, Any]:
    form = sign_up_form(name, **changes)
    answer = browser.submit("/account/sign-up", form)
    assert (answer.status_code, answer.location) == (303, "/account/check-mail")
    return form


def signed_in(app: APIFlask, stack: Stack, name: str = "Ana") -> tuple[Browser, str]:
    """A browser whose owner has just confirmed their address, and that address."""
    browser = Browser(app)
    form = signed_up(browser, name)
    link = link_in_mail(stack, form["email"])
    assert browser.submit(link, link_fields(link)).location == "/"
    return browser, form["email"]


def session_cookie(answer: Any) -> str | None:
    cookies = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("guichet=")]
    return cookies[0] if cookies else None


def test_from_sign_up_by_the_mail_to_the_profile(app: APIFlask, stack: Stack, browser: Browser) -> None:
    form = signed_up(browser)
    assert form["email"] in browser.get("/account/check-mail").text
    link = link_in_mail(stack, form["email"])
    answer = browser.submit(link, link_fields(link))
    assert (answer.status_code, answer.location) == (303, "/")
    home = browser.get("/")
    assert "Ana" in home.text
    profile = browser.get("/account/profile")
    assert profile.status_code == 200
    assert form["email"] in profile.text


def test_a_link_that_is_only_fetched_is_not_used_up(app: APIFlask, stack: Stack, browser: Browser) -> None:
    form = signed_up(browser)
    link = link_in_mail(stack, form["email"])
    for _ in range(2):
        assert Browser(app).get(link).headers["Cache-Control"] == "no-store"
    assert browser.submit(link, link_fields(link)).status_code == 303


def test_a_link_works_once_and_in_another_browser(app: APIFlask, stack: Stack, browser: Browser) -> None:
    form = signed_up(browser)
    link = link_in_mail(stack, form["email"])
    assert Browser(app).submit(link, link_fields(link)).status_code == 303
    assert Browser(app).submit(link, link_fields(link)).status_code == 410


@pytest.mark.parametrize(
    "link", ["/auth/confirm", "/auth/confirm?token_hash=x&type=other", "/auth/confirm?type=signup"]
)
def test_half_a_link_leads_to_no_button(browser: Browser, link: str) -> None:
    answer = browser.get(link)
    assert answer.status_code == 200
    assert "csrf_token" not in answer.text


def test_a_wrong_sign_up_keeps_what_was_typed_but_the_password(browser: Browser) -> None:
    form = sign_up_form(birth_date="2020-01-01", password="short", native_languages=["nl"], email="ana@")
    answer = browser.submit("/account/sign-up", form)
    assert answer.status_code == 422
    assert 'value="Ana"' in answer.text
    assert 'value="ana@"' in answer.text
    assert 'value="2020-01-01"' in answer.text
    assert 'value="nl" checked' in answer.text
    assert "short" not in answer.text
    assert "18th birthday" in answer.text
    assert "at least 9 characters" in answer.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("display_name", "A" * 400),
        ("email", "a" * 400 + "@example.org"),
        ("password", "hunter2 " * 140),
        ("birth_date", "1990-05-17" * 10),
        ("native_languages", ["fr"] * 60),
        ("target_languages", ["nl", "Nederlands-Vlaams"]),
    ],
)
def test_what_is_far_too_long_is_kept_on_the_page_and_out_of_the_log(
    browser: Browser, capsys: pytest.CaptureFixture[str], field: str, typed: Any
) -> None:
    form = sign_up_form(**{"password": "hunter2 and more", "birth_date": "1991-06-18"} | {field: typed})
    answer = browser.submit("/account/sign-up", form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    kept = form["display_name"] if field == "birth_date" else form["birth_date"]
    assert f'value="{kept}"' in answer.text
    assert "hunter2" not in answer.text + capsys.readouterr().out


def test_a_sign_up_in_french_is_answered_in_french(browser: Browser) -> None:
    browser.get("/language/fr")
    assert 'lang="fr"' in browser.get("/account/sign-up").text


def test_a_wrong_password_keeps_the_address_and_says_no_more(app: APIFlask, stack: Stack) -> None:
    _, email = signed_in(app, stack)
    answer = Browser(app).submit("/account/sign-in", {"email": email, "password": "not this one"})
    assert answer.status_code == 401
    assert f'value="{email}"' in answer.text
    assert "do not go together" in answer.text


def test_an_unconfirmed_person_is_offered_the_mail_again(browser: Browser) -> None:
    form = signed_up(browser)
    answer = browser.submit("/account/sign-in", {"email": form["email"], "password": PASSWORD})
    assert answer.status_code == 403
    assert 'action="/account/confirmation"' in answer.text
    again = browser.submit("/account/sign-in", {"email": form["email"]}, to="/account/confirmation")
    assert again.location == "/account/check-mail"


def test_signing_in_leads_back_to_where_one_was(app: APIFlask, stack: Stack) -> None:
    _, email = signed_in(app, stack)
    browser = Browser(app)
    asked = browser.get("/account/profile")
    assert (asked.status_code, asked.location) == (303, "/account/sign-in?next=/account/profile")
    assert "Please sign in first." in browser.get(asked.location).text
    form = {"email": email, "password": PASSWORD, "next": "/account/profile"}
    assert browser.submit(asked.location, form).location == "/account/profile"
    assert browser.get("/account/sign-in?next=/orders").location == "/orders"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(app: APIFlask, stack: Stack, elsewhere: str) -> None:
    _, email = signed_in(app, stack)
    form = {"email": email, "password": PASSWORD, "next": elsewhere}
    assert Browser(app).submit("/account/sign-in", form).location == "/"


def test_a_remembered_session_outlives_the_browser_and_another_does_not(app: APIFlask, stack: Stack) -> None:
    _, email = signed_in(app, stack)
    form = {"email": email, "password": PASSWORD}
    remembered = session_cookie(Browser(app).submit("/account/sign-in", {**form, "remember": "on"}))
    forgotten = session_cookie(Browser(app).submit("/account/sign-in", form))
    assert remembered
    assert forgotten
    assert "Max-Age=604800" in remembered
    assert "Max-Age" not in forgotten
    assert "Expires" not in forgotten
    for cookie in (remembered, forgotten):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert len(cookie) < 4096


def test_signing_out_ends_the_session_at_once_even_for_a_kept_cookie(app: APIFlask, stack: Stack) -> None:
    browser, _ = signed_in(app, stack)
    kept = browser.client.get_cookie("guichet")
    assert kept
    assert browser.submit("/account/profile", {}, to="/account/sign-out").location == "/"
    assert browser.client.get_cookie("guichet") is None
    thief = Browser(app)
    thief.client.set_cookie("guichet", kept.value)
    answer = thief.get("/account/profile")
    assert (answer.status_code, answer.location) == (303, "/account/sign-in?next=/account/profile")
    assert thief.client.get_cookie("guichet") is None


def test_a_lost_password_is_replaced_and_other_devices_are_signed_out(app: APIFlask, stack: Stack) -> None:
    other, email = signed_in(app, stack)
    browser = Browser(app)
    assert browser.submit("/account/recovery", {"email": email}).location == "/account/check-mail"
    link = link_in_mail(stack, email)
    assert link_fields(link)["type"] == "recovery"
    assert browser.submit(link, link_fields(link)).location == "/account/password"
    assert browser.submit("/account/password", {"password": "short"}).status_code == 422
    assert browser.submit("/account/password", {"password": "a brand new one"}).location == "/account/profile"
    assert browser.get("/account/profile").status_code == 200
    assert other.get("/account/profile").status_code == 303
    answers = [
        Browser(app).submit("/account/sign-in", {"email": email, "password": password}).status_code
        for password in (PASSWORD, "a brand new one")
    ]
    assert answers == [401, 303]


def test_recovery_says_the_same_for_an_unknown_address(browser: Browser) -> None:
    answer = browser.submit("/account/recovery", {"email": "nobody@example.org"})
    assert answer.location == "/account/check-mail"
    assert "nobody@example.org" in browser.get("/account/check-mail").text


def test_the_profile_is_changed_and_wrong_changes_are_kept_on_the_page(app: APIFlask, stack: Stack) -> None:
    browser, _ = signed_in(app, stack)
    profile = {
        "display_name": "Ana Ruiz", "birth_date": "1990-05-17", "location": "Namur", "locale": "fr",
        "native_languages": ["fr", "es"], "target_languages": ["nl"],
    }  # fmt: skip
    assert browser.submit("/account/profile", profile).location == "/account/profile"
    page = browser.get("/account/profile").text
    assert 'value="Ana Ruiz"' in page
    assert '<span class="menu__name">Ana Ruiz</span>' in page
    assert 'lang="fr"' in page
    wrong = browser.submit("/account/profile", {**profile, "display_name": "", "location": "Huy"})
    assert wrong.status_code == 422
    assert 'value="Huy"' in wrong.text
    long = browser.submit("/account/profile", {**profile, "display_name": "A" * 400, "location": "Huy"})
    assert long.status_code == 422
    assert 'value="Huy"' in long.text
    assert 'id="display_name-error"' in long.text


def test_a_picture_is_sent_and_a_wrong_one_is_refused_on_the_page(app: APIFlask, stack: Stack) -> None:
    browser, _ = signed_in(app, stack)
    sent = browser.submit("/account/profile", {"avatar": (BytesIO(png()), "me.png")}, to="/account/avatar")
    assert sent.location == "/account/profile"
    assert "/object/public/avatars/" in browser.get("/account/profile").text
    assert "/object/public/avatars/" in browser.get("/account/password").text
    wrong = {"avatar": (BytesIO(b"<svg/>"), "me.png")}
    answer = browser.submit("/account/profile", wrong, to="/account/avatar")
    assert answer.status_code == 422
    assert "not a picture we can read" in answer.text
    removed = browser.submit("/account/profile", {"remove": "on"}, to="/account/avatar")
    assert removed.status_code == 303
    assert "/object/public/avatars/" not in browser.get("/account/profile").text


def test_a_picture_may_have_5_mib_though_other_bodies_may_not(app: APIFlask, stack: Stack) -> None:
    browser, _ = signed_in(app, stack)
    large = {"avatar": (BytesIO(b"x" * (5 * 1024 * 1024 + 1)), "me.png")}
    answer = browser.submit("/account/profile", large, to="/account/avatar")
    assert answer.status_code == 413
    assert "5 MiB" in answer.text
    assert browser.client.post("/account/profile", data={"location": "x" * 1024 * 1024}).status_code == 413


def test_ones_data_are_taken_away_and_erased_with_the_password(app: APIFlask, stack: Stack) -> None:
    browser, email = signed_in(app, stack)
    export = browser.get("/account/export")
    assert export.headers["Content-Disposition"] == 'attachment; filename="guichet.json"'
    assert (export.json or {})["profile"]["email"] == email
    wrong = browser.submit("/account/erasure", {"password": "not this one"})
    assert wrong.status_code == 422
    assert browser.get("/account/profile").status_code == 200
    assert browser.submit("/account/erasure", {"password": PASSWORD}).location == "/"
    assert browser.get("/account/profile").status_code == 303
    answer = Browser(app).submit("/account/sign-in", {"email": email, "password": PASSWORD})
    assert answer.status_code == 401


def test_scripts_get_the_access_token_alone(app: APIFlask, stack: Stack) -> None:
    browser, _ = signed_in(app, stack)
    answer = browser.get("/session/realtime")
    assert list(answer.json or {}) == ["access_token"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    refused = Browser(app).get("/session/realtime", headers={"Accept": "application/json"})
    assert (refused.status_code, (refused.json or {})["code"]) == (401, "sign_in_required")


def test_a_form_without_its_token_is_refused(app: APIFlask, stack: Stack) -> None:
    browser, _ = signed_in(app, stack)
    answer = browser.client.post("/account/sign-out")
    assert answer.status_code == 400
    assert browser.get("/account/profile").status_code == 200


def test_a_visitor_gets_no_cookie_from_a_page_without_a_form(browser: Browser) -> None:
    assert "Set-Cookie" not in browser.get("/").headers
