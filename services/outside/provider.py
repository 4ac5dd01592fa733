"""What surrounds every call to a provider: a circuit breaker, a measure, and word of it to listeners."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from blinker import Namespace

from services.refusals import Refusal, Unavailable

# Sent after each call with provider, operation, seconds and outcome (ok, refused, unavailable, failed).
outside_called = Namespace().signal("outside-called")


class Resting(Unavailable):
    """Nobody was asked: the provider has failed so often that it is given a rest."""


class Breaker:
    """Opens after `failures` in a row; then one caller per `rest` seconds tries whether it is back."""

    def __init__(
        self, failures: int = 5, rest: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._allowed_failures = failures
        self._rest = rest
        self._clock = clock
        self._failures = 0
        self._closed_again_at = 0.0
        self._lock = threading.Lock()

    def admits(self) -> bool:
        with self._lock:
            if self._failures < self._allowed_failures:
                return True
            now = self._clock()
            if now < self._closed_again_at:
                return False
            self._closed_again_at = now + self._rest
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._closed_again_at = self._clock() + self._rest


class Provider:
    """A named outside service."""

    def __init__(self, name: str, breaker: Breaker | None = None) -> None:
        self.name = name
        self._breaker = breaker or Breaker()

    @contextmanager
    def calling(self, operation: str) -> Iterator[None]:
        """Wrap one call. Raises Unavailable at once while the provider is known to be down."""
        if not self._breaker.admits():
            raise Resting(self.name, "resting after repeated failures")
        started = time.perf_counter()
        outcome = "failed"
        try:
            yield
            outcome = "ok"
            self._breaker.succeeded()
        except Refusal:
            outcome = "refused"
            self._breaker.succeeded()
            raise
        except Unavailable as error:
            outcome = "unavailable"
            if error.reached:
                self._breaker.succeeded()
            else:
                self._breaker.failed()
            raise
        finally:
            seconds = time.perf_counter() - started
            outside_called.send(self.name, operation=operation, seconds=seconds, outcome=outcome)
