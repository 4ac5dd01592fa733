"""Bars stand where they should: on the floor, beside each other, under round numbers."""

from __future__ import annotations

import pytest

from web.charts import ABOVE, WIDTH, bars


@pytest.mark.parametrize(
    ("largest", "top"),
    [(0, 1), (1, 1), (3, 3), (7, 8), (10, 10), (19, 20), (20, 20), (48, 60), (1000, 1000), (12_345, 15_000)],
)
def test_the_axis_ends_at_a_round_number(largest: int, top: int) -> None:
    ticks = [tick.value for tick in bars([0, largest]).ticks]
    assert ticks[0] == 0
    assert ticks[-1] == top
    assert len(ticks) <= 6


def test_bars_stand_on_the_floor_beside_each_other() -> None:
    chart = bars([5, 0, 20])
    assert [bar.height for bar in chart.bars][1] == 0
    assert all(bar.y + bar.height == pytest.approx(chart.floor, abs=0.2) for bar in chart.bars)
    assert chart.bars[2].y == ABOVE
    assert chart.bars[0].x > 0
    for one, other in zip(chart.bars, chart.bars[1:], strict=False):
        assert one.x + one.width < other.x
    assert chart.bars[-1].x + chart.bars[-1].width <= WIDTH


@pytest.mark.parametrize("count", [0, 1, 14, 93])
def test_words_below_are_few(count: int) -> None:
    chart = bars([1] * count)
    assert len(chart.bars) == count
    assert len(chart.labels) <= 5
