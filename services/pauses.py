"""How long something that failed is left alone before it is tried again."""

from __future__ import annotations

import random

FIRST_PAUSE = 15  # seconds, doubled after each attempt
LONGEST_PAUSE = 3600


def pause_after(attempt: int) -> int:
    """Seconds to wait after this attempt failed: doubling up to an hour, half of it by chance."""
    longest: int = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (min(attempt, 20) - 1))
    return round(longest / 2 + random.uniform(0, longest / 2))  # noqa: S311
