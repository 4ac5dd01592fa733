"""Orders and money by hand of a team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from blueprints.api.orders import Repeatable
from blueprints.api.team_orders import OrderFileOut, file_shown
from blueprints.guards import signed_in_or_key
from services import desk
from services.models.team_orders import DeskOrder, ManualPayment

bp = APIBlueprint("desk", __name__, tag="Orders")


@bp.post("/events/<uuid:event_id>/orders")
@signed_in_or_key
@bp.input(DeskOrder)
@bp.input(Repeatable, location="headers")
@bp.output(OrderFileOut, status_code=201)
@bp.doc(
    summary="Give or sell seats by hand",
    description="Free of charge, or paid in cash or by bank transfer; bound by seats, not by sale windows."
    " Needs orders:write, and payments:write where money is taken.",
    security=["bearer", "api_key"],
)
def create(event_id: UUID, json_data: DeskOrder, headers_data: Repeatable) -> Any:
    return file_shown(desk.seat(event_id, json_data, headers_data.idempotency_key))


@bp.post("/orders/<reference>/payments")
@signed_in_or_key
@bp.input(ManualPayment)
@bp.output(OrderFileOut)
@bp.doc(
    summary="Note a payment by hand",
    description="The whole sum, in cash or by bank transfer; it confirms the order. Needs payments:write.",
    security=["bearer", "api_key"],
)
def record_payment(reference: str, json_data: ManualPayment) -> Any:
    return file_shown(desk.record_payment(reference, json_data))


@bp.post("/orders/<reference>/hand-back")
@signed_in_or_key
@bp.output(OrderFileOut)
@bp.doc(
    summary="Note money handed back",
    description="What was paid by hand and asked back, as by a buyer who cancelled. Needs orders:refund.",
    security=["bearer", "api_key"],
)
def hand_back(reference: str) -> Any:
    return file_shown(desk.hand_back(reference))
