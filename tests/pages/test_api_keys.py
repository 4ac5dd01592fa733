"""API keys through the pages: shown once, then known by how they begin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import sign_in
from tests.sql.events import insert, organizer


@pytest.fixture
def slug(database: Database) -> str:
    team = organizer(database, "Tandem")
    return str(database.value("select slug from public.organizers where id = %s", [team]))


@pytest.fixture
def at(slug: str) -> str:
    return f"/manage/{slug}/api-keys"


def member(app: APIFlask, stack: Stack, database: Database, slug: str, role: str) -> Browser:
    person = database.sign_up("Omar")
    team = database.value("select id from public.organizers where slug = %s", [slug])
    insert(database, "organizer_members", organizer_id=team, user_id=person.id, role=role)
    return sign_in(Browser(app), stack, person)


@pytest.fixture
def omar(app: APIFlask, stack: Stack, database: Database, slug: str) -> Browser:
    return member(app, stack, database, slug, "owner")


def test_a_key_is_offered_what_something_asks_for(omar: Browser, at: str) -> None:
    sql = "\n".join(file.read_text() for file in Path("supabase").glob("**/*.sql"))
    offered = {
        str(attributes["value"])
        for tag, attributes in Page(omar.get(at)).tags
        if tag == "input" and attributes.get("name") == "permissions"
    }
    assert "events:read" in offered
    assert [permission for permission in offered if f"'{permission}'" not in sql] == []


def test_a_key_is_shown_once_works_and_ends(app: APIFlask, omar: Browser, slug: str, at: str) -> None:
    made = Page(omar.get(at)).form(at).send(omar, name="Website", permissions=["events:read"])
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    (key,) = re.findall(r"gk_[\w-]{43}", made.text)
    used = ApiClient(app).get(f"/organizers/{slug}/events", headers={"X-Api-Key": key})
    assert used.status_code == 200
    listed = Page(omar.get(at))
    assert key not in omar.get(at).text
    assert key[:8] in listed.words
    assert "A key cannot be brought back." in listed.words
    (revocation,) = [form for form in listed.forms if form.action.endswith("/revocation")]
    revocation.send(omar)
    assert "Revoked" in Page(omar.get(at)).words
    assert "revoked already" in Page(omar.get(revocation.send(omar).location)).words


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"permissions": []}, "permissions"),
        ({"permissions": ["root:all"]}, "permissions"),
    ],
)
def test_a_wrong_form_comes_back_as_it_was(omar: Browser, at: str, typed: dict[str, str], field: str) -> None:
    answer = Page(omar.get(at)).form(at).send(omar, **{"name": "Website", **typed})
    assert answer.status_code == 422
    assert f"{field}-error" in Page(answer).said_of(field)


def test_only_owners_find_the_page(
    app: APIFlask, stack: Stack, database: Database, slug: str, at: str
) -> None:
    marie = member(app, stack, database, slug, "manager")
    assert marie.get(at).status_code == 403
    assert at not in Page(marie.get(f"/manage/{slug}/team")).links()


def test_the_page_costs_one_call(omar: Browser, at: str) -> None:
    with calls_counted() as calls:
        assert omar.get(at).status_code == 200
    assert calls == {"database": 1}
