"""Bar charts as geometry: templates draw it as SVG, whose attributes need no style sheet.

Widths are percentages and heights pixels: bars grow with the page while words keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

WIDTH, HEIGHT = 100, 240
BELOW, ABOVE = 28, 10  # room for the words of the axes
GAP = 0.25  # of a bar's place
MOST_LABELS = 5


@dataclass(frozen=True)
class Bar:
    """One value; `place` is its index. Empty ones have no height."""

    place: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Tick:
    """A line across the chart, at a round value."""

    y: float
    value: int


@dataclass(frozen=True)
class Label:
    """A word below a bar; `place` is the bar's index."""

    x: float
    place: int


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    ticks: list[Tick]
    labels: list[Label]
    height: int = HEIGHT

    @property
    def floor(self) -> int:
        return HEIGHT - BELOW


def bars(values: Sequence[int]) -> Chart:
    """A bar for each value, on an axis that ends at a round number not below the largest."""
    step = _step(max([*values, 1]))
    top = step * ceil(max([*values, 1]) / step)
    place, scale = WIDTH / max(len(values), 1), (HEIGHT - BELOW - ABOVE) / top
    drawn = [
        Bar(
            place=index,
            x=round(place * (index + GAP / 2), 3),
            y=round(HEIGHT - BELOW - value * scale, 1),
            width=round(place * (1 - GAP), 3),
            height=round(value * scale, 1),
        )
        for index, value in enumerate(values)
    ]
    ticks = [
        Tick(y=round(HEIGHT - BELOW - value * scale, 1), value=value) for value in range(0, top + 1, step)
    ]
    every = ceil(len(values) / MOST_LABELS) or 1
    labels = [Label(round(bar.x + bar.width / 2, 3), bar.place) for bar in drawn[::every]]
    return Chart(drawn, ticks, labels)


def _step(largest: int) -> int:
    """A round distance of which three to five reach the largest value: 1, 2 or 5, and their tens."""
    rough = largest / 4
    power = 10 ** int(log10(rough)) if rough >= 1 else 1
    return next(round(power * factor) for factor in (1, 2, 5, 10) if power * factor >= rough)
