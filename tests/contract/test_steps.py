"""What a buyer reads of each step of an order."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from blueprints.pages.history import WORDS, step_words
from services.models.orders import Step
from tests.contract.outside import app_with

READ_ORDERS = next(Path("supabase/migrations").glob("*_read_orders.sql")).read_text()


def said(what: str, **facts: Any) -> str:
    told = {"reason": None, "seats": None, "amount_cents": None, "method": None, **facts}
    with app_with().test_request_context(headers={"Accept-Language": "en"}):
        return step_words(Step(at=datetime.now(UTC), what=what, **told))


def test_every_step_that_is_told_has_its_words() -> None:
    (listed,) = re.findall(r"change\.action in \(([^)]+)\)", READ_ORDERS)
    assert {*re.findall(r"'([\w.]+)'", listed), "order.requested"} == {*WORDS, "cancellation.done"}


@pytest.mark.parametrize(
    ("what", "facts", "words"),
    [
        ("order.requested", {}, "Requested"),
        ("order.declined", {"reason": "declined_by_organizer"}, "Declined by the organizer"),
        ("order.expired", {"reason": "hold_lapsed"}, "Lapsed: not paid in time"),
        ("order.cancelled", {"reason": "given_back"}, "Cancelled: given back"),
        ("payment.succeeded", {"method": "cash"}, "Paid, in cash"),
        ("refund.requested", {"reason": "The soup was cold"}, "Refund on its way: The soup was cold"),
        ("refund.succeeded", {"reason": "cancelled_by_buyer"}, "Given back"),
        ("refund.failed", {"reason": "paid_twice"}, "Refund failed"),
        (
            "cancellation.done",
            {"seats": 2, "reason": "cancelled_by_buyer"},
            "2 seats cancelled: as you asked",
        ),
        ("cancellation.done", {"seats": 1, "reason": "too_few_people"}, "1 seat cancelled: too few people"),
    ],
)
def test_a_step_in_words(what: str, facts: dict[str, Any], words: str) -> None:
    assert said(what, **facts) == words
