"""Every pair of colours that carries text is readable: WCAG AA, computed from the tokens of both themes."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text()
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")

TEXT = [
    *((ink, ground) for ink in ("ink", "muted") for ground in ("paper", "sheet", "sunk")),
    *((state, ground) for state in ("good", "warn", "bad", "accent-deep") for ground in ("paper", "sheet")),
    *((state, f"{state}-soft") for state in ("good", "warn", "bad")),
    *(("ink", f"{state}-soft") for state in ("good", "warn", "bad", "accent")),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    *((ink, sky) for ink in ("dusk-ink", "dusk-muted") for sky in ("dusk", "dusk-high", "dusk-low")),
]
SHAPES = [("edge", "paper"), ("edge", "sheet"), ("accent", "paper"), ("accent", "sheet"), ("light", "dusk")]


def colours(theme: str) -> dict[str, tuple[float, float, float]]:
    """Every opaque token of a theme as (lightness, chroma, hue)."""
    found = re.findall(r"--([a-z-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);", theme)
    return {name: (float(lightness), float(chroma), float(hue)) for name, lightness, chroma, hue in found}


THEMES = {"light": colours(LIGHT), "dark": colours(LIGHT) | colours(DARK)}


def luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance of an OKLCH colour, by way of linear sRGB cut to what a screen can show."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short
    red, green, blue = (min(max(channel, 0), 1) for channel in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: str, one: str, other: str) -> float:
    light, dark = sorted((luminance(THEMES[theme][name]) for name in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(theme: str, ink: str, ground: str) -> None:
    assert contrast(theme, ink, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_and_marks_stand_out(theme: str, shape: str, ground: str) -> None:
    assert contrast(theme, shape, ground) >= 3
