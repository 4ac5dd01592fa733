"""What every page of one event begins with in its team's workspace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import Browser
from tests.database import Database, Person
from tests.pages.html import Page
from tests.selling import Listing, list_event, sign_in, signed_in
from tests.sql.events import edit, insert, organizer, venue

SIDES = ("", "/edit", "/ticket-types", "/attendees", "/waitlist", "/widget")


@pytest.fixture
def omar(database: Database) -> Person:
    return database.sign_up("Omar")


@pytest.fixture
def team(database: Database, omar: Person) -> uuid.UUID:
    return organizer(database, "Tandem", owner=omar)


@pytest.fixture
def browser(app: APIFlask, stack: Stack, omar: Person) -> Browser:
    """Omar's."""
    return sign_in(Browser(app), stack, omar)


@pytest.fixture
def at(database: Database, team: uuid.UUID) -> Callable[[Listing], str]:
    slug = database.value("select slug from public.organizers where id = %s", [team])
    return lambda listing: f"/manage/{slug}/events/{listing.id}"


@pytest.mark.parametrize("side", SIDES)
def test_every_side_of_a_draft_leads_to_its_preview_and_publishes_it(
    browser: Browser, database: Database, team: uuid.UUID, at: Callable[[Listing], str], side: str
) -> None:
    hall = venue(database, name="Les Halles", city="Ghent")
    draft = list_event(database, status="draft", organizer_id=team, venue_id=hall)
    start = database.value("select starts_at from public.events where id = %s", [draft.id])
    page = Page(browser.get(at(draft) + side))
    head = page.words.partition("Overview")[0]
    assert any(str(moment).startswith(f"{start:%Y-%m-%dT%H:%M}") for moment in moments(page))
    assert "Les Halles, Ghent" in head
    assert "Draft" in head
    assert f"/events/{draft.slug}" in page.links()
    published = browser.client.post(
        f"{at(draft)}/publication",
        data=page.form(f"{at(draft)}/publication").fields,
        headers={"Referer": f"http://localhost{at(draft)}{side}"},
    )
    assert published.location == at(draft) + side
    page = Page(browser.get(published.location))
    assert "is on show." in page.words
    assert "See its page" in page.words


@pytest.mark.parametrize("side", SIDES)
def test_every_side_of_an_event_that_was_called_off_says_so_and_why(
    browser: Browser, database: Database, team: uuid.UUID, at: Callable[[Listing], str], side: str
) -> None:
    listing = list_event(database, organizer_id=team)
    edit(database, "events", uuid.UUID(listing.id), status="cancelled", status_reason="The oven broke.")
    page = Page(browser.get(at(listing) + side))
    assert "Called off: The oven broke." in page.words
    assert "See its page" in page.words
    assert "Preview" not in page.words


@pytest.mark.parametrize(("starts_in", "open"), [(timedelta(days=7), False), (-timedelta(minutes=1), True)])
def test_the_door_is_shown_the_way_to_the_list_on_the_day(
    app: APIFlask,
    stack: Stack,
    database: Database,
    team: uuid.UUID,
    at: Callable[[Listing], str],
    starts_in: timedelta,
    open: bool,
) -> None:
    dora = database.sign_up("Dora")
    insert(database, "organizer_members", organizer_id=team, user_id=dora.id, role="door")
    listing = list_event(database, organizer_id=team, starts_in=starts_in)
    door = sign_in(Browser(app), stack, dora)
    assert (f"{at(listing)}/attendees" in Page(door.get(at(listing))).links()) == open
    assert (door.get(f"{at(listing)}/attendees").status_code == 200) == open


def test_orders_of_a_series_are_told_apart_by_their_dates(
    app: APIFlask, stack: Stack, browser: Browser, database: Database, team: uuid.UUID
) -> None:
    ana = signed_in(app, stack, database.sign_up("Ana"))
    starts = []
    for days in (7, 14):
        listing = list_event(database, organizer_id=team, starts_in=timedelta(days=days))
        ana.hold(listing)
        starts.append(database.value("select starts_at from public.events where id = %s", [listing.id]))
    slug = database.value("select slug from public.organizers where id = %s", [team])
    shown = {str(moment)[:16] for moment in moments(Page(browser.get(f"/manage/{slug}/orders")))}
    assert {f"{start:%Y-%m-%dT%H:%M}" for start in starts} <= shown


def moments(page: Page) -> set[str | None]:
    return {attributes.get("datetime") for tag, attributes in page.tags if tag == "time"}
