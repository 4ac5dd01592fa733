"""A sketch of where a venue lies among others: a wrong position shows at a glance, without a map service."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from flask import Flask
from markupsafe import Markup, escape

WIDTH, HEIGHT = 480, 300
REACH = HEIGHT / 2 - 30  # pixels from the venue to the outermost ring
KM_PER_DEGREE = 111.2
LETTER = 9  # pixels that a letter of a name takes at most
RINGS = (0.25, 0.5, 1, 2, 5, 10, 25)  # kilometres


class Spot(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...
    @property
    def distance_km(self) -> float: ...


def register(app: Flask) -> None:
    app.jinja_env.globals.update(sketch=sketch)


def sketch(latitude: float, longitude: float, neighbours: Iterable[Spot]) -> Markup:
    """An SVG with north at the top: the venue in the middle, its neighbours, and rings that tell how far."""
    spots = list(neighbours)
    farthest = max((spot.distance_km for spot in spots), default=RINGS[0])
    reach = next((ring for ring in RINGS if ring >= farthest), RINGS[-1])
    scale = REACH / reach
    rings = [ring for ring in RINGS if reach / 8 < ring <= reach]
    drawn = [
        *(_ring(ring * scale, f"{ring:g}\u00a0km") for ring in rings),
        f'<path class="sketch__north" d="M{WIDTH - 26} 40v-22m-6 8 6-8 6 8"/>'
        f'<text class="sketch__word" x="{WIDTH - 26}" y="56" text-anchor="middle">N</text>',
        *(_spot(spot, latitude, longitude, scale) for spot in spots),
        f'<circle class="sketch__here" cx="{WIDTH / 2:g}" cy="{HEIGHT / 2:g}" r="7"/>',
    ]
    return Markup(  # noqa: S704 (numbers, and names that are escaped)
        f'<svg class="sketch" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">'
        f"{''.join(drawn)}</svg>"
    )


def _ring(radius: float, words: str) -> str:
    x, y = WIDTH / 2, HEIGHT / 2
    return (
        f'<circle class="sketch__ring" cx="{x:g}" cy="{y:g}" r="{radius:.1f}"/>'
        f'<text class="sketch__word" x="{x:g}" y="{y + radius + 12:.1f}" text-anchor="middle">{words}</text>'
    )


def _spot(spot: Spot, latitude: float, longitude: float, scale: float) -> str:
    """A neighbour, its name away from the middle, or towards it where the drawing ends too soon."""
    east = ((spot.longitude - longitude + 180) % 360 - 180) * math.cos(math.radians(latitude)) * KM_PER_DEGREE
    north = (spot.latitude - latitude) * KM_PER_DEGREE
    x, y = WIDTH / 2 + east * scale, HEIGHT / 2 - north * scale
    room = WIDTH - x if east >= 0 else x
    to_the_right = (east >= 0) == (LETTER * len(spot.name) < room - 9)
    side, anchor = (9, "start") if to_the_right else (-9, "end")
    return (
        f'<circle class="sketch__spot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        f'<text class="sketch__name" x="{x + side:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">'
        f"{escape(spot.name)}</text>"
    )
