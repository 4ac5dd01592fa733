"""API keys through the pages: shown once, then known by how they begin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from apiflask import APIFlask

from tests.application import ApiClient, Browser, calls_counted
from tests.pages.html import Page


@pytest.fixture
def at(workspace: str) -> str:
    return f"{workspace}/api-keys"


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


def test_only_owners_find_the_page(marie: Browser, workspace: str, at: str) -> None:
    assert marie.get(at).status_code == 403
    assert at not in Page(marie.get(f"{workspace}/team")).links()


def test_the_page_costs_one_call(omar: Browser, at: str) -> None:
    with calls_counted() as calls:
        assert omar.get(at).status_code == 200
    assert calls == {"database": 1}
