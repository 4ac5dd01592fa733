"""A team's venues by their pages and forms."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from tests.application import ApiClient, Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event, sign_in
from tests.sql.events import venue

FORM = {
    "name": "Le Phare", "address": "Quai 40", "city": "Brussels", "country": "BE",
    "timezone": "Europe/Brussels", "capacity": "40", "latitude": "50,857", "longitude": "4.345",
}  # fmt: skip


@pytest.fixture
def venues(workspace: str) -> str:
    return f"{workspace}/venues"


def made(browser: Browser, venues: str, **typed: Any) -> str:
    answer = Page(browser.get(f"{venues}/new")).form(venues).send(browser, **{**FORM, **typed})
    assert answer.status_code == 303, Page(answer).words
    return str(answer.location)


def test_each_page_asks_the_database_once(omar: Browser, venues: str) -> None:
    at = made(omar, venues)
    for path in (venues, f"{venues}/new", at, f"{at}/edit"):
        with calls_counted() as calls:
            assert omar.get(path).status_code == 200
        assert calls == {"database": 1}, path


def test_a_venue_is_made_shown_and_found_again(omar: Browser, venues: str, database: Database) -> None:
    assert "Places that your team looks after will be here" in Page(omar.get(venues)).words
    venue(database, name="Café <b>Zinneke</b>", latitude=50.86, longitude=4.35)
    at = made(omar, venues, **{"hours.5.opens": "18:00", "hours.5.closes": "02:00"})
    answer = omar.get(at)
    words = Page(answer).words
    for told in (
        "Le Phare is one of your venues now.",
        "Quai 40",
        "Friday 18:00–02:00",
        "50.857° N, 4.345° E",
    ):
        assert told in words
    assert "<svg" in answer.text
    assert "<b>Zinneke" not in answer.text
    assert "Le Phare" in Page(omar.get(venues)).words
    again = Page(omar.get(f"{venues}/new")).form(venues)
    assert (again.fields["country"], again.fields["timezone"]) == (["BE"], ["Europe/Brussels"])


def test_everything_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    omar: Browser, venues: str
) -> None:
    wrong = {"name": " ", "latitude": "91", "capacity": "forty", "timezone": "", "hours.2.opens": "09:00"}
    answer = Page(omar.get(f"{venues}/new")).form(venues).send(omar, **{**FORM, **wrong})
    assert answer.status_code == 422
    page = Page(answer)
    assert "5 things need another look:" in page.words
    for field in ("name", "latitude", "capacity", "timezone"):
        assert f"{field}-error" in page.said_of(field)
    assert "hours.2-error" in page.elements
    assert "Tuesday: Please give two times" in page.words
    sent = page.form(venues).fields
    assert (sent["capacity"], sent["latitude"], sent["hours.2.opens"]) == (["forty"], ["91"], ["09:00"])


def test_fewer_places_than_are_reserved_are_refused_beside_the_field(
    omar: Browser, venues: str, database: Database
) -> None:
    at = made(omar, venues)
    hall = database.value("select id from public.venues where slug = %s", [at.rpartition("/")[2]])
    list_event(database, seats=30, venue_id=hall)
    answer = Page(omar.get(f"{at}/edit")).form(f"{at}/edit").send(omar, capacity="20")
    assert answer.status_code == 422
    page = Page(answer)
    assert "Events here have 30 places at one time: it cannot be fewer." in page.words
    assert "capacity-error" in page.said_of("capacity")


def test_the_second_of_two_managers_is_told_and_keeps_what_they_typed(
    omar: Browser, marie: Browser, venues: str
) -> None:
    at = f"{made(omar, venues)}/edit"
    mine = Page(omar.get(at)).form(at)
    sent = (
        Page(marie.get(at))
        .form(at)
        .send(marie, name="Hers", city="Ghent", **{"hours.1.opens": "09:00", "hours.1.closes": "10:00"})
    )
    assert sent.status_code == 303
    refused = mine.send(omar, name="Mine")
    assert refused.status_code == 409
    page = Page(refused)
    assert "Marie has changed this meanwhile." in page.words
    assert "Marie wrote here: Hers" in page.words
    again = page.form(at)
    assert (again.fields["name"], again.fields["city"], again.fields["hours.1.opens"]) == (
        ["Mine"],
        ["Ghent"],
        ["09:00"],
    )
    assert again.send(omar).status_code == 303


def test_the_partners_key_is_shown_once(
    app: APIFlask, omar: Browser, venues: str, database: Database
) -> None:
    at = made(omar, venues)
    answer = Page(omar.get(at)).form(f"{at}/key").send(omar)
    (key,) = re.findall(r"vk_[A-Za-z0-9_-]{43}", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    watched = f"/venues/{at.rpartition('/')[2]}/events"
    assert ApiClient(app).get(watched, headers={"X-Api-Key": key}).status_code == 200
    page = Page(omar.get(at))
    assert key not in omar.get(at).text
    assert f"The present key begins with {key[:8]}." in page.words
    ended = page.form(f"{at}/key/end").send(omar)
    assert "The key opens nothing any more." in Page(omar.get(ended.location)).words
    assert ApiClient(app).get(watched, headers={"X-Api-Key": key}).status_code == 401


def test_events_outside_opening_hours_are_pointed_out(
    omar: Browser, venues: str, workspace: str, database: Database, team: uuid.UUID
) -> None:
    at = made(omar, venues, **{"hours.1.opens": "03:00", "hours.1.closes": "03:05"})
    hall = database.value("select id from public.venues where slug = %s", [at.rpartition("/")[2]])
    show = list_event(database, venue_id=hall, starts_in=timedelta(days=3), organizer_id=team)
    assert "Outside opening hours" in Page(omar.get(at)).words
    assert "Le Phare is not open then" in Page(omar.get(f"{workspace}/events/{show.id}/edit")).words


def test_who_may_not_write_sees_no_way_to(
    app: APIFlask, stack: Stack, omar: Browser, dora: Browser, venues: str, database: Database
) -> None:
    at = made(omar, venues)
    page = Page(dora.get(at))
    assert not [form for form in page.forms if form.action.startswith(venues)]
    assert f"{at}/edit" not in page.links()
    for path in (f"{venues}/new", f"{at}/edit"):
        assert dora.get(path).status_code == 403
    stranger = sign_in(Browser(app), stack, database.sign_up("Zoe"))
    for path in (venues, f"{venues}/new", at, f"{at}/edit"):
        assert stranger.get(path).status_code == 404
        assert Browser(app).get(path).status_code == 303


def test_whoever_makes_an_event_at_a_new_place_comes_back_to_it(omar: Browser, venues: str) -> None:
    events = venues.replace("/venues", "/events")
    (way,) = [link for link in Page(omar.get(f"{events}/new")).links() if "then=event" in link]
    missing = Page(omar.get(way)).form(venues).send(omar, **{**FORM, "name": ""})
    assert missing.status_code == 422
    back = Page(missing).form(venues).send(omar, name="Le Phare")
    form = Page(omar.get(back.location)).form(events)
    venue_id = back.location.rpartition("venue_id=")[2]
    assert form.fields["venue_id"] == [venue_id]
