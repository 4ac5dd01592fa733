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
    """The guilloche of banknotes and old tickets, with the light at its heart."""
    x, y = random.randint(150, 330), random.randint(120, 180)
    petals, rings = random.choice((9, 11, 13, 16)), []
    for ring in range(3):
        size, depth, turn = 70 + ring * 52, 16 + ring * 9, ring * 0.4
        points = []
        for step in range(petals * 12 + 1):
            angle = step / (petals * 12) * math.tau
            radius = size + depth * math.sin(petals * angle + turn)
            points.append(f"{x + radius * math.cos(angle):.0f} {y + radius * math.sin(angle):.0f}")
        rings.append("M" + "L".join(points) + "z")
    turned = "".join(
        f'<path d="{"".join(rings)}" transform="rotate({angle:g} {x} {y})"/>'
        for angle in (0, 120 / petals, 240 / petals)
    )
    stroke = f'fill="none" stroke="{_tone(0.68, 0.1, hue)}" stroke-width="1.2" opacity=".6"'
    return f"<g {stroke}>{turned}</g>{_light(x, y, 26)}"


def _windows(random: Random, hue: int) -> str:
    """House fronts at dusk: many windows, one of them lit."""
    fronts, dim, x = [], [], -random.randint(0, 30)
    panes: list[tuple[int, int]] = []
    while x < WIDTH:
        width, top = random.choice((76, 96, 116)), random.randint(40, 130)
        lightness = random.choice((0.25, 0.28, 0.3))
        fronts.append(
            f'<path d="M{x} {top}h{width}v{HEIGHT}h-{width}z" fill="{_tone(lightness, 0.065, hue + 8)}"/>'
        )
        panes += [(px, py) for px in range(x + 14, x + width - 18, 22) for py in range(top + 20, HEIGHT, 38)]
        x += width
    lit = random.choice([pane for pane in panes if 90 < pane[0] < 390 and 100 < pane[1] < 220])
    dim = [
        f"M{px} {py}v-4a5 5 0 0 1 10 0v18h-10z"
        for px, py in panes
        if (px, py) != lit and random.random() < 0.86
    ]
    warm = f'<path d="M{lit[0]} {lit[1]}v-4a5 5 0 0 1 10 0v18h-10z" fill="{_tone(0.86, 0.14, 74)}"/>'
    halo = f'cx="{lit[0] + 5}" cy="{lit[1] + 4}" fill="{_tone(0.8, 0.13, 68)}" opacity=".07"'
    glow = "".join(f'<circle {halo} r="{reach}"/>' for reach in (40, 29, 19))
    return "".join(fronts) + f'<path d="{"".join(dim)}" fill="{_tone(0.46, 0.085, hue)}"/>' + glow + warm


def _arches(random: Random, hue: int) -> str:
    """Rows of ticket windows; behind one of them somebody is at work."""
    size = random.choice((80, 96, 120))
    cells = [
        (column * size - (size // 2 if row % 2 else 0), row * size * 0.62)
        for row in range(int(HEIGHT / size / 0.62) + 2)
        for column in range(WIDTH // size + 2)
    ]
    lit = random.choice([cell for cell in cells if 80 < cell[0] < 330 and 40 < cell[1] < 200])
    drawn = []
    for x, y in cells:
        centre, base = x + size / 2, y + size * 0.6
        drawn.append("".join(_arch(centre, base, size * share) for share in (0.48, 0.36, 0.24)))
    opening = _arch(lit[0] + size / 2, lit[1] + size * 0.6, size * 0.24)
    light = f'<path d="{opening}z" fill="{_tone(0.82, 0.13, 68)}"/>'
    return light + _lines("".join(drawn), _tone(0.62, 0.1, hue), 1.8)


def _arch(centre: float, base: float, radius: float) -> str:
    return f"M{centre - radius:.0f} {base:.0f}a{radius:.0f} {radius:.0f} 0 0 1 {2 * radius:.0f} 0"


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
