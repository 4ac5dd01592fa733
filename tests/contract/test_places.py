"""How places, distances and days are written, and how a place is sketched among others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from web import places
from web.sketch import HEIGHT, WIDTH, sketch


@dataclass
class Spot:
    name: str
    latitude: float
    longitude: float
    distance_km: float


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, locale_selector=lambda: "en")
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("kilometres", "words"),
    [
        (0, "50\u00a0m"),
        (0.39, "400\u00a0m"),
        (0.99, "950\u00a0m"),
        (1, "1.0\u00a0km"),
        (9.94, "9.9\u00a0km"),
        (48.4, "48\u00a0km"),
        (1234, "1,234\u00a0km"),
    ],
)
def test_a_distance_is_said_as_people_do(kilometres: float, words: str) -> None:
    assert places.distance(kilometres) == words


def test_a_position_names_its_hemispheres() -> None:
    assert places.position(50.8526, 4.34) == "50.8526° N, 4.34° E"
    assert places.position(-33.5, -70) == "33.5° S, 70.0° W"


def test_countries_and_days_are_in_the_readers_language() -> None:
    assert ("BE", "Belgium") in places.countries()
    assert not {"EU", "ZZ", "150"} & {code for code, _ in places.countries()}
    assert (places.weekday_name(1), places.weekday_name(7)) == ("Monday", "Sunday")
    with force_locale("fr"):
        names = [name for _, name in places.countries()]
        assert ("BE", "Belgique") in places.countries()
        assert names.index("Égypte") < names.index("France")
        assert places.weekday_name(1) == "Lundi"
        assert places.decimal(4.6) == "4,6"


def test_a_sketch_has_north_at_the_top_and_all_in_sight() -> None:
    spots = [
        Spot("North", 50.9, 4.35, 5.6), Spot("East", 50.85, 4.45, 7), Spot("<i>West</i>", 50.85, 4.30, 3.5)
    ]  # fmt: skip
    drawn = sketch(50.85, 4.35, spots)
    found = re.findall(r'sketch__spot" cx="([\d.]+)" cy="([\d.]+)"', drawn)
    (nx, ny), (ex, ey), (wx, _) = [(float(x), float(y)) for x, y in found]
    assert ny < HEIGHT / 2 < HEIGHT
    assert wx < WIDTH / 2 < ex
    assert (nx, ey) == (WIDTH / 2, HEIGHT / 2)
    assert all(0 < float(x) < WIDTH and 0 < float(y) < HEIGHT for x, y in found)
    assert "&lt;i&gt;West" in drawn


def test_a_sketch_reaches_over_the_date_line() -> None:
    drawn = sketch(0, 179.99, [Spot("Beyond", 0, -179.99, 2.2)])
    (x,) = re.findall(r'sketch__spot" cx="([\d.]+)"', drawn)
    assert WIDTH / 2 < float(x) < WIDTH
