"""Rate limits counted in the process: windows of their own for each visitor, forgotten when they are over."""

from __future__ import annotations

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from web.counting import ProcessStorage


class Clock:
    now = 1000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("web.counting.time", clock)
    return clock


@pytest.fixture
def storage(clock: Clock) -> ProcessStorage:
    return ProcessStorage()


def test_the_last_allowed_call_passes_and_the_next_waits_for_the_next_minute(
    storage: ProcessStorage, clock: Clock
) -> None:
    limiter, limit = FixedWindowRateLimiter(storage), RateLimitItemPerMinute(2)
    assert [limiter.hit(limit, "ana") for _ in range(3)] == [True, True, False]
    assert limiter.hit(limit, "omar")
    clock.now += 60
    assert limiter.hit(limit, "ana")


def test_a_window_tells_when_it_ends(storage: ProcessStorage, clock: Clock) -> None:
    storage.incr("ana", 60)
    clock.now += 10
    storage.incr("ana", 60)
    assert (storage.get("ana"), storage.get_expiry("ana")) == (2, 1060.0)
    assert storage.get_expiry("zoe") == clock.now


def test_what_is_over_is_forgotten(storage: ProcessStorage, clock: Clock) -> None:
    storage.incr("ana", 60)
    clock.now += 61
    assert storage.get("ana") == 0
    storage.incr("omar", 60)
    assert storage.reset() == 1


def test_one_visitor_can_be_forgiven(storage: ProcessStorage) -> None:
    storage.incr("ana", 60)
    storage.clear("ana")
    assert (storage.get("ana"), storage.check()) == (0, True)
