"""The frame that other sites show, and the lines that their authors paste."""

from __future__ import annotations

import html
import uuid

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event, sign_in


def policy(answer: object) -> dict[str, str]:
    rules = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return dict(rule.split(" ", 1) for rule in rules.split("; "))


def test_the_frame_may_be_shown_anywhere_and_nothing_else(app: APIFlask, database: Database) -> None:
    listing = list_event(database)
    with calls_counted() as calls:
        answer = Browser(app).get(f"/widgets/{listing.slug}")
    assert (answer.status_code, calls) == (200, {"database": 1})
    assert policy(answer)["frame-ancestors"] == "*"
    assert policy(answer)["script-src"] == "'self'"
    assert "X-Frame-Options" not in answer.headers
    for path in ("/", f"/events/{listing.slug}", "/account/sign-in", "/widget.js", "/nowhere"):
        other = Browser(app).get(path)
        assert policy(other)["frame-ancestors"] == "'none'", path
        assert other.headers["X-Frame-Options"] == "DENY"


def test_the_frame_knows_nobody_and_changes_nothing(app: APIFlask, stack: Stack, database: Database) -> None:
    listing = list_event(database)
    ana = sign_in(Browser(app), stack, database.sign_up("Ana"))
    answer = ana.get(f"/widgets/{listing.slug}?language=fr")
    page = Page(answer)
    assert not page.forms
    assert "Ana" not in page.words
    assert "Prendre des billets" in page.words
    assert '<base target="_top">' in answer.text
    assert f"/events/{listing.slug}#tickets" in page.links()
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize(
    ("status", "told"), [("cancelled", "This event is cancelled."), ("published", "Get tickets")]
)
def test_the_frame_tells_how_the_event_stands(
    app: APIFlask, database: Database, status: str, told: str
) -> None:
    listing = list_event(database, status=status)
    assert told in Page(Browser(app).get(f"/widgets/{listing.slug}")).words


def test_what_is_not_on_show_says_so_in_the_frame(app: APIFlask, database: Database) -> None:
    for slug in (list_event(database, status="draft").slug, "nothing"):
        answer = Browser(app).get(f"/widgets/{slug}")
        assert answer.status_code == 404
        assert policy(answer)["frame-ancestors"] == "*"
        assert "These tickets are not on show at the moment." in Page(answer).words


def test_the_script_is_kept_for_an_hour(app: APIFlask) -> None:
    answer = Browser(app).get("/widget.js")
    assert answer.mimetype == "text/javascript"
    assert "max-age=3600" in answer.headers["Cache-Control"]


def test_its_team_finds_the_lines_to_paste(
    app: APIFlask,
    stack: Stack,
    omar: Browser,
    dora: Browser,
    database: Database,
    team: uuid.UUID,
    workspace: str,
) -> None:
    listing = list_event(database, title='Bread & "butter" <b>', organizer_id=team)
    path = f"{workspace}/events/{listing.id}/widget"
    with calls_counted() as calls:
        answer = omar.get(path)
    assert (answer.status_code, calls) == (200, {"database": 1})
    shown = html.unescape(answer.text.partition('id="snippet">')[2].partition("</code>")[0])
    assert (
        f'/widget.js" data-event="{listing.slug}" data-title="Bread &amp; &#34;butter&#34; &lt;b&gt;"'
        in shown
    )
    assert shown.count("<script") == 1
    assert path in Page(omar.get(f"{workspace}/events/{listing.id}/edit")).links()
    assert dora.get(path).status_code == 403
    zoe = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    assert zoe.get(path).status_code == 404
