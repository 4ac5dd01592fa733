"""Contested payments of a team."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link
from services import disputes
from services.models import Output
from services.models.disputes import Dispute

bp = APIBlueprint("disputes", __name__, url_prefix="/organizers/<organizer>/disputes", tag="Orders")


class DisputesOut(Output):
    data: list[Dispute]
    links: Links


@bp.get("")
@signed_in_or_key
@bp.output(DisputesOut)
@bp.doc(
    summary="List a team's contested payments",
    description="Newest first; they are answered in Stripe's dashboard. Needs orders:refund.",
    security=["bearer", "api_key"],
)
def index(organizer: str) -> Any:
    links = {"self": link("api.disputes.index", organizer=organizer)}
    return DisputesOut(data=disputes.list_disputes(organizer).disputes, links=links)
