"""The home page near a place: by a position in its address, or around a city, without scripts."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from apiflask import APIFlask

from tests.application import Browser, calls_counted
from tests.database import Database
from tests.pages.html import Page
from tests.selling import list_event
from tests.sql.events import venue

# A stretch of sea that no sample venue is near: other tests' venues lie elsewhere.
HERE, THERE = (-40.0, -120.0), (-40.0, -119.9)


@pytest.fixture
def city(database: Database) -> str:
    name = f"Port {uuid.uuid4().hex[:6]}"
    one = venue(database, city=name, name="Quay", latitude=HERE[0], longitude=HERE[1])
    other = venue(database, city="Elsewhere", name="Pier", latitude=THERE[0], longitude=THERE[1])
    list_event(database, title="Knots", venue_id=one, starts_in=timedelta(days=2))
    list_event(database, title="Nets", venue_id=other, starts_in=timedelta(days=3))
    return name


def test_near_a_position_each_event_tells_its_distance(app: APIFlask, city: str) -> None:
    with calls_counted() as calls:
        answer = Browser(app).get("/?near=-40,-120&radius_km=10")
    assert (answer.status_code, calls) == (200, {"database": 1})
    page = Page(answer)
    assert "Events within 10 km of your position." in page.words
    assert "Quay, " in page.words
    assert "50 m" in page.words
    assert "Pier, Elsewhere · 8.5 km" in page.words
    form = page.form("/")
    assert (form.fields["near"], form.fields["radius_km"]) == (["-40,-120"], ["10"])
    again = Page(form.send(Browser(app), radius_km=5))
    assert "Knots" in again.words
    assert "Nets" not in again.words


def test_around_a_city_without_scripts(app: APIFlask, city: str) -> None:
    browser = Browser(app)
    form = Page(browser.get("/")).form("/")
    alone = Page(form.send(browser, city=city))
    assert f"Events in {city}." in alone.words
    assert "Nets" not in alone.words
    around = Page(form.send(browser, city=city, radius_km=25))
    assert f"Events within 25 km of {city}." in around.words
    assert "Nets" in around.words


def test_a_chosen_city_takes_the_place_of_ones_own(app: APIFlask, city: str) -> None:
    page = Page(Browser(app).get(f"/?near=50,4&city={city}"))
    assert f"Events in {city}." in page.words


def test_a_distance_from_nowhere_is_none(app: APIFlask) -> None:
    assert "Show all" not in Page(Browser(app).get("/?radius_km=10")).words


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("near=91,4", "Please give a place in degrees, such as 50.85,4.35."),
        ("near=here", "Please give a place in degrees, such as 50.85,4.35."),
        ("near=50,4&radius_km=0", "Please give a distance from 0.1 to 500 kilometres."),
        ("near=50,4&radius_km=9999", "Please give a distance from 0.1 to 500 kilometres."),
    ],
)
def test_what_is_no_place_or_distance_is_said_above_the_whole_list(
    app: APIFlask, city: str, query: str, sentence: str
) -> None:
    answer = Browser(app).get(f"/?{query}")
    assert answer.status_code == 422
    assert sentence in Page(answer).words
    assert "Knots" in Page(answer).words


@pytest.mark.parametrize("radius", ["NaN", "inf", "wide"])
def test_a_distance_that_is_no_number_is_left_out(app: APIFlask, radius: str) -> None:
    page = Page(Browser(app).get(f"/?near=50,4&radius_km={radius}"))
    assert "within 25 km" in page.words or "Nothing matches, yet" in page.words
