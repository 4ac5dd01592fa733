"""The organizer's yes or no to orders that wait for it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.api.bodies import OPTIONAL_BODY
from blueprints.api.orders import OrderOut, shown_to_team
from blueprints.guards import signed_in_or_key
from services import approvals
from services.models.orders import Reason

bp = APIBlueprint("approvals", __name__, url_prefix="/orders", tag="Orders")


@bp.post("/<reference>/approval")
@signed_in_or_key
@bp.output(OrderOut)
@bp.doc(
    summary="Say yes to an order that waits",
    description="Its seats are held and the time to pay begins. Needs orders:write.",
    security=["bearer", "api_key"],
)
def approve(reference: str) -> Any:
    return shown_to_team(approvals.approve(reference))


@bp.post("/<reference>/rejection")
@signed_in_or_key
@bp.input(Reason, **OPTIONAL_BODY)
@bp.output(OrderOut)
@bp.doc(
    summary="Say no to an order that waits", description="Needs orders:write.", security=["bearer", "api_key"]
)
def decline(reference: str, json_data: Reason) -> Any:
    return shown_to_team(approvals.decline(reference, json_data.reason))
