"""The page of an organizer: who it is and what it has coming, for everyone."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event, sign_in
from tests.sql.events import edit


def test_everyone_sees_who_it_is_and_what_it_has_coming(
    app: APIFlask, database: Database, team: uuid.UUID, slug: str
) -> None:
    edit(
        database, "organizers", team, about="We **bake**.\n\n<script>alert(1)</script>",
        website="https://tandem.example",
    )  # fmt: skip
    listing = list_event(database, title="Bread before dawn", organizer_id=team)
    list_event(database, title="Yesterday’s bread", organizer_id=team, starts_in=-timedelta(days=1))
    list_event(database, title="Half-baked", organizer_id=team, status="draft")
    with calls_counted() as calls:
        answer = Browser(app).get(f"/organizers/{slug}")
    assert (answer.status_code, calls) == (200, {"database": 1})
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    page = Page(answer)
    assert "<strong>bake</strong>" in answer.text
    assert "<script>alert" not in answer.text
    assert "https://tandem.example" in page.links()
    coming, past = page.words.split("Past events")
    assert "Bread before dawn" in coming
    assert "Yesterday’s bread" in past
    assert "Half-baked" not in page.words
    assert f"/organizers/{slug}" in Page(Browser(app).get(f"/events/{listing.slug}")).links()


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ([1500], " €15 20 seats left"),
        ([1500, 1500], " €15 20 seats left"),
        ([900, 1500], " from €9 20 seats left"),
        ([0], " Free 20 seats left"),
    ],
)
def test_a_price_is_said_to_begin_there_where_prices_differ(
    app: APIFlask, database: Database, team: uuid.UUID, slug: str, prices: list[int], said: str
) -> None:
    list_event(database, *({"price_cents": cents} for cents in prices), organizer_id=team)
    for path in (f"/organizers/{slug}", f"/?organizer={slug}"):
        assert f"French{said}" in Page(Browser(app).get(path)).words


def test_a_team_shows_once_it_has_put_something_on_show(
    app: APIFlask, stack: Stack, database: Database, team: uuid.UUID, slug: str
) -> None:
    assert Browser(app).get(f"/organizers/{slug}").status_code == 404
    assert Browser(app).get("/organizers/nobody").status_code == 404
    list_event(database, organizer_id=team, status="draft")
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    assert zoe.get(f"/organizers/{slug}").status_code == 404
    list_event(database, organizer_id=team)
    assert zoe.get(f"/organizers/{slug}").status_code == 200


def test_many_events_are_paged(app: APIFlask, database: Database, team: uuid.UUID, slug: str) -> None:
    for number in range(26):
        list_event(
            database, title=f"Batch {number:02}", organizer_id=team, starts_in=timedelta(days=number + 1)
        )
    browser = Browser(app)
    first = Page(browser.get(f"/organizers/{slug}"))
    assert "Batch 25" not in first.words
    (later,) = [link for link in first.links() if "cursor=" in link]
    assert "Batch 25" in Page(browser.get(later)).words
    assert browser.get(f"/organizers/{slug}?cursor=x").status_code == 422


def test_programs_read_it_too(app: APIFlask, database: Database, team: uuid.UUID, slug: str) -> None:
    list_event(database, organizer_id=team)
    answer = ApiClient(app).get(f"/organizers/{slug}/profile")
    assert (answer.status_code, answer.json["name"], answer.json["picture_url"]) == (200, "Tandem", None)
    assert answer.json["_links"].keys() == {"self", "page", "events"}
    assert ApiClient(app).get("/organizers/nobody/profile").status_code == 404
