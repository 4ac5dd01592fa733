"""Generated covers: a quiet pattern seeded by the event's id, in its organizer's hue, with one warm light."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from random import Random

from markupsafe import Markup

WIDTH, HEIGHT = 480, 300
Pattern = Callable[[Random, int], str]


@lru_cache(maxsize=2048)
def cover(seed: str, hue: int) -> Markup:
    """An SVG of 480 × 300 that fills its box. The same `seed` and `hue` (0–360) always draw the same."""
    random = Random(seed)  # noqa: S311 (a drawing, not a secret)
    draw = random.choice((_waves, _rosette, _windows, _arches, _hills))
    return Markup(  # noqa: S704 (numbers only)
        f'<svg class="cover" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" '
        'aria-hidden="true" focusable="false">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_tone(0.33, 0.075, hue)}"/>{draw(random, hue)}</svg>'
    )


def _tone(lightness: float, chroma: float, hue: int) -> str:
    return f"oklch({lightness:g} {chroma:g} {hue % 360})"


def _light(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{_tone(0.82, 0.13, 68)}"/>'


def _lines(path: str, tone: str, width: float) -> str:
    return f'<path d="{path}" fill="none" stroke="{tone}" stroke-width="{width}" opacity=".72"/>'


def _waves(random: Random, hue: int) -> str:
    """A light over water: sine lines whose amplitude swells and fades."""
    step = random.choice((40, 48, 60))
    sky = random.randint(96, 140)
    lines = []
    for row in range(15):
        y, swell = sky + row * 15, 3 + 9 * math.sin(row / 14 * math.pi) + random.random() * 2
        start = -random.randint(0, step)
        lines.append(f"M{start} {y}q{step / 2:g} {-swell:.0f} {step} 0" + f"t{step} 0" * (WIDTH // step + 2))
    horizon = f'<path d="M0 {sky}h{WIDTH}v{HEIGHT}H0z" fill="{_tone(0.28, 0.07, hue + 12)}"/>'
    strokes = _lines("".join(lines), _tone(0.66, 0.1, hue), 1.6)
    return (
        _light(random.randint(110, 370), sky - random.randint(-8, 26), random.randint(32, 46))
        + horizon
        + strokes
    )


def _rosette(random: Random, hue: int) -> str:
    """The guilloche of banknotes and old tickets: ellipses turned about the light at its heart."""
    x, y = random.randint(150, 330), random.randint(120, 180)
    turns = random.choice((9, 11, 14))
    drawn = []
    for long, short in ((250, 120), (128, 62)):
        for turn in range(turns):
            angle = math.pi * turn / turns
            across, down = long * math.cos(angle), long * math.sin(angle)
            bend = f"a{long} {short} {math.degrees(angle):.0f} 1 0"
            drawn.append(
                f"M{x - across:.0f} {y - down:.0f}{bend} {2 * across:.0f} {2 * down:.0f}"
                f"{bend} {-2 * across:.0f} {-2 * down:.0f}"
            )
    return _lines("".join(drawn), _tone(0.64, 0.1, hue), 1.2) + _light(x, y, 26)


def _windows(random: Random, hue: int) -> str:
    """House fronts at dusk: many windows, one of them lit."""
    fronts, x = [], -random.randint(0, 30)
    panes: list[tuple[int, int]] = []
    while x < WIDTH:
        width, top = random.choice((92, 124, 156)), random.randint(40, 120)
        tone = _tone(random.choice((0.25, 0.28, 0.3)), 0.065, hue + 8)
        fronts.append(f'<path d="M{x} {top}h{width}v{HEIGHT}h-{width}z" fill="{tone}"/>')
        panes += [(px, py) for px in range(x + 16, x + width - 20, 32) for py in range(top + 26, HEIGHT, 50)]
        x += width
    lit = random.choice([pane for pane in panes if 90 < pane[0] < 390 and 100 < pane[1] < 220])
    dim = "".join(_pane(*pane) for pane in panes if pane != lit and random.random() < 0.86)
    warm = f'<path d="{_pane(*lit)}" fill="{_tone(0.86, 0.14, 74)}"/>'
    halo = f'cx="{lit[0] + 7}" cy="{lit[1] + 6}" fill="{_tone(0.8, 0.13, 68)}" opacity=".07"'
    glow = "".join(f'<circle {halo} r="{reach}"/>' for reach in (46, 34, 23))
    return "".join(fronts) + f'<path d="{dim}" fill="{_tone(0.45, 0.085, hue)}"/>' + glow + warm


def _pane(x: int, y: int) -> str:
    return f"M{x} {y}a7 7 0 0 1 14 0v19h-14z"


def _arches(random: Random, hue: int) -> str:
    """Rows of ticket windows; behind one of them somebody is at work."""
    size = random.choice((112, 128, 144))
    cells = [
        (column * size - (size // 2 if row % 2 else 0), row * size * 2 // 3)
        for row in range(HEIGHT * 3 // size // 2 + 1)
        for column in range(WIDTH // size + 2)
    ]
    lit = random.choice([cell for cell in cells if 60 < cell[0] < 320 and 40 < cell[1] < 200])
    outer, middle, inner = (round(size * share) for share in (0.48, 0.36, 0.24))
    arches = "".join(
        f"M{x + size // 2 - outer} {y + size * 3 // 5}a{outer} {outer} 0 0 1 {2 * outer} 0"
        f"m{middle - outer} 0a{middle} {middle} 0 0 0-{2 * middle} 0"
        f"m{middle - inner} 0a{inner} {inner} 0 0 1 {2 * inner} 0"
        for x, y in cells
    )
    opening = f"M{lit[0] + size // 2 - inner} {lit[1] + size * 3 // 5}a{inner} {inner} 0 0 1 {2 * inner} 0z"
    light = f'<path d="{opening}" fill="{_tone(0.82, 0.13, 68)}"/>'
    return light + _lines(arches, _tone(0.58, 0.1, hue), 2)


def _hills(random: Random, hue: int) -> str:
    """Hills behind one another, the light going down between them."""
    layers = []
    for layer in range(5):
        y = 120 + layer * 38
        start, drift = y + random.randint(-14, 14), random.randint(-46, 46)
        crest = f"C120 {start - 60 + drift} 200 {start + 50} 300 {start + drift // 3}"
        curve = f"M0 {start}{crest}S420 {start - 46} {WIDTH} {start + 8}"
        tone = _tone(0.5 - layer * 0.065, 0.1 - layer * 0.008, hue + layer * 6)
        layers.append(f'<path d="{curve}V{HEIGHT}H0z" fill="{tone}"/>')
    return _light(random.randint(120, 360), random.randint(96, 124), random.randint(30, 44)) + "".join(layers)
