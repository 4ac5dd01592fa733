"""Events near a place: what lies within a circle on a round earth, and how far."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database
from tests.sql import events

BRUSSELS, GHENT, PARIS = (50.8467, 4.3525), (51.0543, 3.7174), (48.8566, 2.3522)


def show_at(
    db: Database, title: str, at: tuple[float, float] | None = None, city: str = "", **columns: Any
) -> events.Event:
    latitude, longitude = at or (None, None)
    hall = events.venue(db, latitude=latitude, longitude=longitude, city=city or title)
    return events.event(db, title=title, venue_id=hall, **columns)


def near(
    db: Database, at: tuple[float, float] | None = None, **filters: Any
) -> list[tuple[str, float | None]]:
    if at:
        filters["near"] = f"{at[0]},{at[1]}"
    found = db.visitor().call("list_events", **filters)["events"]
    return [(event["title"], event["distance_km"]) for event in found]


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (BRUSSELS, GHENT, 50.1),
        (BRUSSELS, PARIS, 263.7),
        ((0, 0), (0, 180), 20015.1),  # half around the earth
        ((90, 0), (90, 77), 0),  # a pole has every longitude
        ((0, 179.9), (0, -179.9), 22.2),
    ],
)
def test_distances_are_those_of_a_round_earth(
    database: Database, one: tuple[float, float], other: tuple[float, float], kilometres: float
) -> None:
    measured = database.value("select private.distance_km(%s, %s, %s, %s)", [*one, *other])
    assert measured == pytest.approx(kilometres, rel=0.002, abs=0.05)
    assert measured == pytest.approx(
        database.value("select private.distance_km(%s, %s, %s, %s)", [*other, *one])
    )


def test_what_is_near_is_told_with_its_distance_soonest_first(database: Database) -> None:
    show_at(database, "Later, nearer", BRUSSELS, starts_in=timedelta(days=3))
    show_at(database, "Ghent", GHENT, starts_in=timedelta(days=2))
    show_at(database, "Paris", PARIS)
    show_at(database, "Nowhere known")
    events.event(database, title="Online")
    assert near(database, (50.85, 4.35), radius_km=60) == [("Ghent", 49.8), ("Later, nearer", 0.4)]
    assert near(database, (50.85, 4.35)) == [("Later, nearer", 0.4)]  # 25 km unless asked
    assert len(near(database)) == 5
    assert {distance for _, distance in near(database)} == {None}


def test_the_radius_has_its_edge(database: Database) -> None:
    show_at(database, "Ghent", GHENT)
    measured = database.value("select private.distance_km(%s, %s, %s, %s)", [*BRUSSELS, *GHENT])
    assert near(database, BRUSSELS, radius_km=measured + 1e-9)
    assert not near(database, BRUSSELS, radius_km=measured - 1e-6)


@pytest.mark.parametrize(
    ("at", "there"),
    [
        ((0, 179.95), (0, -179.95)),
        ((0, -179.95), (0, 179.95)),
        ((89.99, 10), (89.99, -170)),
        ((-89.99, 0), (-89.95, 120)),
    ],
)
def test_circles_reach_over_the_date_line_and_the_poles(
    database: Database, at: tuple[float, float], there: tuple[float, float]
) -> None:
    show_at(database, "Beyond", there)
    assert [title for title, _ in near(database, at, radius_km=15)] == ["Beyond"]


def test_a_city_with_a_radius_reaches_beyond_it(database: Database) -> None:
    show_at(database, "In", BRUSSELS, city="Brussels")
    show_at(database, "In, position unknown", city="Brussels", starts_in=timedelta(days=8))
    show_at(database, "Out", GHENT, city="Ghent", starts_in=timedelta(days=9))
    assert [title for title, _ in near(database, city="Brussels")] == ["In", "In, position unknown"]
    around = near(database, city="Brussels", radius_km=60)
    assert around == [("In", 0.0), ("In, position unknown", None), ("Out", 50.1)]
    assert near(database, city="Nowhere", radius_km=60) == []
    assert [title for title, _ in near(database, BRUSSELS, city="Ghent", radius_km=60)] == ["Out"]


def test_pages_follow_one_another_near_a_place(database: Database) -> None:
    for day in range(5):
        show_at(database, f"Day {day}", BRUSSELS, starts_in=timedelta(days=day + 1))
    seen, cursor = [], None
    while True:
        page = database.visitor().call("list_events", near="50.85,4.35", page_size=2, cursor=cursor)
        seen += [event["title"] for event in page["events"]]
        if not (cursor := page["next"]):
            break
    assert seen == [f"Day {day}" for day in range(5)]
    assert page["radius_km"] == 25


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"near": "91,4"}, "near_invalid"),
        ({"near": "50,181"}, "near_invalid"),
        ({"near": "50"}, "near_invalid"),
        ({"near": "50,4,3"}, "near_invalid"),
        ({"near": "NaN,4"}, "near_invalid"),
        ({"near": "here"}, "near_invalid"),
        ({"near": ""}, "near_invalid"),
        ({"near": "50,4", "radius_km": 0.0}, "radius_invalid"),
        ({"near": "50,4", "radius_km": -1.0}, "radius_invalid"),
        ({"near": "50,4", "radius_km": 500.1}, "radius_invalid"),
        ({"near": "50,4", "radius_km": float("nan")}, "radius_invalid"),
        ({"city": "Brussels", "radius_km": float("inf")}, "radius_invalid"),
    ],
)
def test_what_is_no_circle_is_refused(database: Database, filters: dict[str, Any], code: str) -> None:
    with database.refuses("invalid_input", 422) as refusal:
        database.visitor().call("list_events", **filters)
    assert [fault["code"] for fault in refusal.detail["errors"]] == [code]


def test_venues_are_found_by_their_index(database: Database) -> None:
    database.rows(
        """insert into public.venues (
            slug, name, address, postal_code, city, country, timezone, capacity, latitude, longitude
        )
        select 'far-' || n, 'Far', 'Street', '', 'Far', 'BE', 'Europe/Brussels', 10, mod(n, 90), mod(n, 180)
        from generate_series(1, 5000) as n"""
    )
    database.rows("analyze public.venues")
    before = database.value(READ)
    near(database, BRUSSELS, radius_km=50)
    assert database.value(READ) - before < 100


READ = "select seq_tup_read from pg_stat_xact_all_tables where relname = 'venues'"
