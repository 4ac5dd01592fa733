"""What tests of payments look at and set going."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from services import refunds
from tests.selling import Guest


def completed(events: list[dict[str, Any]]) -> dict[str, Any]:
    (event,) = (event for event in events if event["type"] == "checkout.session.completed")
    return event


def state(gaston: Guest) -> tuple[str, str, str | None]:
    order = gaston.read()
    return order["status"], order["payment_status"], order["status_reason"]


def give_back(app: APIFlask) -> None:
    with app.app_context():
        while refunds.send_due():
            pass
