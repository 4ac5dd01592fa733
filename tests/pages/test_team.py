"""A team's people through the pages: invited, joined, given roles, removed."""

from __future__ import annotations

import re
import uuid

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import PASSWORD, Browser, calls_counted, link_fields, link_in_mail, sign_up_form
from tests.database import Database, Person
from tests.jobs import send_mail
from tests.pages.html import Page
from tests.selling import sign_in
from tests.sql.events import insert_api_key


@pytest.fixture
def at(workspace: str) -> str:
    return f"{workspace}/team"


def invite(browser: Browser, at: str, email: str, role: str = "finance") -> None:
    sent = Page(browser.get(at)).form(f"{at}/invitations").send(browser, email=email, role=role)
    assert sent.status_code == 303, sent.text


def mailed_link(database: Database, email: str) -> str:
    return str(
        database.value(
            "select facts ->> 'site_path' from public.deliveries"
            " where recipient = %s order by created_at desc limit 1",
            [email],
        )
    )


def test_who_has_no_account_signs_up_first_and_comes_back(
    app: APIFlask, stack: Stack, database: Database, omar: Browser, workspace: str, at: str
) -> None:
    form = sign_up_form("Finn")
    invite(omar, at, form["email"])
    assert form["email"] in Page(omar.get(at)).words
    link = mailed_link(database, form["email"])
    browser = Browser(app)
    page = Page(browser.get(link))
    (sign_up,) = [href for href in page.links() if href.startswith("/account/sign-up?")]
    opened = Page(browser.get(sign_up)).form("/account/sign-up")
    assert (opened.fields["email"], opened.fields["next"]) == ([form["email"]], [link])
    assert opened.send(browser, **{**form, "consent": "on"}).location == "/account/check-mail"
    confirmation = link_in_mail(stack, form["email"])
    assert browser.submit(confirmation, link_fields(confirmation)).location == link
    joined = Page(browser.get(link)).form(f"{link}/acceptance").send(browser)
    assert joined.location == workspace
    assert "Finance" in Page(browser.get("/manage")).words
    assert "has been accepted" in Page(browser.get(link)).words


def test_who_has_an_account_signs_in_first_and_comes_back(
    app: APIFlask, stack: Stack, database: Database, omar: Browser, at: str
) -> None:
    form, other = sign_up_form("Ana"), Browser(app)
    other.submit("/account/sign-up", form)
    confirmation = link_in_mail(stack, form["email"])
    other.submit(confirmation, link_fields(confirmation))
    invite(omar, at, form["email"])
    link, browser = mailed_link(database, form["email"]), Browser(app)
    (way,) = [href for href in Page(browser.get(link)).links() if href.startswith("/account/sign-in?")]
    back = Page(browser.get(way)).form("/account/sign-in").send(browser, password=PASSWORD)
    assert back.location == link
    assert Page(browser.get(link)).form(f"{link}/acceptance").send(browser).status_code == 303


def test_another_account_is_told_and_helped_to_the_right_one(
    app: APIFlask, stack: Stack, database: Database, omar: Browser, at: str
) -> None:
    invite(omar, at, "someone@example.org")
    link = mailed_link(database, "someone@example.org")
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    page = Page(zoe.get(link))
    assert "Sign in with the invited address" in page.words
    assert f"{link}/acceptance" not in [form.action for form in page.forms]
    refused = zoe.submit(link, {}, to=f"{link}/acceptance")
    assert "for another address" in Page(zoe.get(refused.location)).words
    away = next(form for form in page.forms if "next" in form.fields).send(zoe)
    assert away.location == link


def test_the_link_is_kept_to_oneself(app: APIFlask, database: Database, omar: Browser, at: str) -> None:
    invite(omar, at, "quiet@example.org")
    answer = Browser(app).get(mailed_link(database, "quiet@example.org"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert Browser(app).get("/invitations/nothing").status_code == 404


def test_the_mail_goes_out_and_forgets_the_link(
    app: APIFlask, database: Database, omar: Browser, at: str
) -> None:
    invite(omar, at, "mailed@example.org")
    send_mail(app, database, "mailed@example.org")
    assert mailed_link(database, "mailed@example.org") == "None"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a@example.org", "role": "king"}, "role"),
    ],
)
def test_a_wrong_invitation_stays_in_its_form(
    omar: Browser, at: str, typed: dict[str, str], field: str
) -> None:
    answer = Page(omar.get(at)).form(f"{at}/invitations").send(omar, **typed)
    assert answer.status_code == 422
    assert f"{field}-error" in Page(answer).said_of(field)
    assert Page(answer).form(f"{at}/invitations").fields["email"] == [typed["email"]]


def test_an_invitation_is_sent_again_and_withdrawn(database: Database, omar: Browser, at: str) -> None:
    invite(omar, at, "twice@example.org")
    former = mailed_link(database, "twice@example.org")
    page = Page(omar.get(at))
    (resend,) = [form for form in page.forms if form.action.endswith("/mails")]
    resend.send(omar)
    assert mailed_link(database, "twice@example.org") != former
    withdrawal = re.sub("/mails$", "/withdrawal", resend.action)
    assert omar.submit(at, {}, to=withdrawal).status_code == 303
    assert "twice@example.org" not in Page(omar.get(at)).words.replace("withdrawn", "")
    again = omar.submit(at, {}, to=withdrawal)
    assert "There is nothing here." in Page(omar.get(again.location)).words


def test_roles_change_and_people_go(
    database: Database, omar: Browser, people: dict[str, Person], team: uuid.UUID, at: str
) -> None:
    dora = f"{at}/members/{people['door'].id}"
    Page(omar.get(at)).form(f"{dora}/role").send(omar, role="finance")
    assert Page(omar.get(at)).form(f"{dora}/role")
    insert_api_key(database, team, "organizer:read", created_by=people["door"].id)
    removal = Page(omar.get(f"{dora}/removal"))
    assert "An API key that they made is revoked" in removal.words
    assert removal.form(f"{dora}/removal").send(omar).status_code == 303
    assert omar.get(f"{dora}/removal").status_code == 404


def test_the_last_owner_is_told_why_they_stay(
    omar: Browser, people: dict[str, Person], workspace: str, at: str
) -> None:
    settings, team = Page(omar.get(f"{workspace}/settings")), Page(omar.get(at))
    assert "You are the only owner, so you stay." in settings.words
    for page in (settings, team):
        assert not [
            form
            for form in page.forms
            if form.action.endswith("/departure") or str(people["owner"].id) in form.action
        ]
    # Another owner may have gone while the page was open.
    stayed = omar.submit(at, {}, to=f"{at}/departure")
    assert "A team needs an owner" in Page(omar.get(stayed.location)).words
    demoted = omar.submit(at, {"role": "door"}, to=f"{at}/members/{people['owner'].id}/role")
    assert "A team needs an owner" in Page(omar.get(demoted.location)).words


def test_pages_offer_what_one_may_do(
    marie: Browser, dora: Browser, people: dict[str, Person], workspace: str, at: str
) -> None:
    page = Page(marie.get(at))
    assert people["door"].email in page.words
    assert not [form for form in page.forms if form.action.startswith(at)]
    assert (
        marie.submit(at, {"email": "a@example.org", "role": "door"}, to=f"{at}/invitations").status_code
        == 403
    )
    assert dora.get(at).status_code == 403
    assert at not in Page(dora.get(f"{workspace}/settings")).links()


def test_a_removed_members_open_tab_opens_nothing(
    marie: Browser, database: Database, people: dict[str, Person], workspace: str, at: str
) -> None:
    departure = Page(marie.get(f"{workspace}/settings")).form(f"{at}/departure")
    database.rows("delete from public.organizer_members where user_id = %s", [people["manager"].id])
    assert marie.get(at).status_code == 404
    assert departure.send(marie).status_code == 404


def test_pages_cost_one_call(database: Database, omar: Browser, people: dict[str, Person], at: str) -> None:
    invite(omar, at, "calls@example.org")
    for path in (
        at,
        f"{at}/members/{people['door'].id}/removal",
        mailed_link(database, "calls@example.org"),
    ):
        with calls_counted() as calls:
            assert omar.get(path).status_code == 200
        assert calls == {"database": 1}, path
