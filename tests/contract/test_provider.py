"""The circuit breaker, and the word that goes out about each call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from services.outside.provider import Breaker, Provider, outside_called
from services.refusals import Refusal, Unavailable


@pytest.fixture
def heard() -> Iterator[list[tuple[str, str]]]:
    calls: list[tuple[str, str]] = []

    def listen(_provider: str, operation: str, outcome: str, **_: Any) -> None:
        calls.append((operation, outcome))

    with outside_called.connected_to(listen, sender="thing"):
        yield calls


def fail(provider: Provider, error: Exception) -> None:
    with pytest.raises(type(error)), provider.calling("ask"):
        raise error


def test_it_opens_after_failures_in_a_row_and_then_refuses_at_once(heard: list[tuple[str, str]]) -> None:
    provider = Provider("thing", Breaker(failures=3, rest=60))
    for _ in range(3):
        fail(provider, Unavailable("thing", "down"))
    with pytest.raises(Unavailable, match="resting"), provider.calling("ask"):
        pytest.fail("the provider was asked")
    assert heard == [("ask", "unavailable")] * 3


def test_one_caller_at_a_time_tries_whether_it_is_back() -> None:
    now = 0.0
    breaker = Breaker(failures=1, rest=5, clock=lambda: now)
    breaker.failed()
    now = 4.9
    assert not breaker.admits()
    now = 5.0
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.succeeded()
    assert [breaker.admits(), breaker.admits()] == [True, True]


@pytest.mark.parametrize(
    "error", [Refusal("sold_out", 409), Unavailable("thing", "busy", reached=True), RuntimeError("ours")]
)
def test_an_answer_of_any_kind_is_no_failure_of_the_provider(error: Exception) -> None:
    provider = Provider("thing", Breaker(failures=1, rest=60))
    fail(provider, error)
    with provider.calling("ask"):
        pass


def test_a_success_forgives_what_was_before() -> None:
    provider = Provider("thing", Breaker(failures=2, rest=60))
    for _ in range(3):
        fail(provider, Unavailable("thing", "down"))
        with provider.calling("ask"):
            pass


def test_every_call_is_told_with_its_outcome(heard: list[tuple[str, str]]) -> None:
    provider = Provider("thing")
    with provider.calling("ask"):
        pass
    fail(provider, Refusal("sold_out", 409))
    fail(provider, RuntimeError("ours"))
    assert heard == [("ask", "ok"), ("ask", "refused"), ("ask", "failed")]
