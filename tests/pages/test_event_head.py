"""What every page of one event begins with in its team's workspace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser
from tests.database import Database
from tests.pages.html import Page
from tests.selling import Listing, list_event, signed_in
from tests.sql.events import edit, venue

SIDES = ("", "/edit", "/ticket-types", "/attendees", "/waitlist", "/widget")


@pytest.fixture
def at(workspace: str) -> Callable[[Listing], str]:
    return lambda listing: f"{workspace}/events/{listing.id}"


@pytest.mark.parametrize("side", SIDES)
def test_every_side_of_a_draft_leads_to_its_preview_and_publishes_it(
    omar: Browser, database: Database, team: uuid.UUID, at: Callable[[Listing], str], side: str
) -> None:
    hall = venue(database, name="Les Halles", city="Ghent")
    draft = list_event(database, status="draft", organizer_id=team, venue_id=hall)
    start = database.value("select starts_at from public.events where id = %s", [draft.id])
    page = Page(omar.get(at(draft) + side))
    head = page.words.partition("Overview")[0]
    assert any(str(moment).startswith(f"{start:%Y-%m-%dT%H:%M}") for moment in moments(page))
    assert "Les Halles, Ghent" in head
    assert "Draft" in head
    assert f"/events/{draft.slug}" in page.links()
    published = omar.client.post(
        f"{at(draft)}/publication",
        data=page.form(f"{at(draft)}/publication").fields,
        headers={"Referer": f"http://localhost{at(draft)}{side}"},
    )
    assert published.location == at(draft) + side
    page = Page(omar.get(published.location))
    assert "is on show." in page.words
    assert "See its page" in page.words


@pytest.mark.parametrize("side", SIDES)
def test_every_side_of_an_event_that_was_called_off_says_so_and_why(
    omar: Browser, database: Database, team: uuid.UUID, at: Callable[[Listing], str], side: str
) -> None:
    listing = list_event(database, organizer_id=team)
    edit(database, "events", uuid.UUID(listing.id), status="cancelled", status_reason="The oven broke.")
    page = Page(omar.get(at(listing) + side))
    assert "Called off: The oven broke." in page.words
    assert "See its page" in page.words
    assert "Preview" not in page.words


@pytest.mark.parametrize(("starts_in", "open"), [(timedelta(days=7), False), (-timedelta(minutes=1), True)])
def test_the_door_is_shown_the_way_to_the_list_on_the_day(
    dora: Browser,
    database: Database,
    team: uuid.UUID,
    at: Callable[[Listing], str],
    starts_in: timedelta,
    open: bool,
) -> None:
    listing = list_event(database, organizer_id=team, starts_in=starts_in)
    assert (f"{at(listing)}/attendees" in Page(dora.get(at(listing))).links()) == open
    assert (dora.get(f"{at(listing)}/attendees").status_code == 200) == open


def test_orders_of_a_series_are_told_apart_by_their_dates(
    app: APIFlask, stack: Stack, omar: Browser, database: Database, team: uuid.UUID, workspace: str
) -> None:
    ana = signed_in(app, stack, database.sign_up("Ana"))
    starts = []
    for days in (7, 14):
        listing = list_event(database, organizer_id=team, starts_in=timedelta(days=days))
        ana.hold(listing)
        starts.append(database.value("select starts_at from public.events where id = %s", [listing.id]))
    shown = {str(moment)[:16] for moment in moments(Page(omar.get(f"{workspace}/orders")))}
    assert {f"{start:%Y-%m-%dT%H:%M}" for start in starts} <= shown


def moments(page: Page) -> set[str | None]:
    return {attributes.get("datetime") for tag, attributes in page.tags if tag == "time"}
