"""Orders of a team."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link, next_link
from services import team_orders
from services.models import Output
from services.models.team_orders import TeamOrder, TeamOrderSearch

bp = APIBlueprint("team_orders", __name__, url_prefix="/organizers/<organizer>/orders", tag="Orders")


class TeamOrderOut(TeamOrder):
    links: Links


class TeamOrdersOut(Output):
    data: list[TeamOrderOut]
    links: Links


@bp.get("")
@signed_in_or_key
@bp.input(TeamOrderSearch, location="query")
@bp.output(TeamOrdersOut)
@bp.doc(
    summary="List a team's orders",
    description="Newest first unless sorted otherwise. Needs orders:read.",
    security=["bearer", "api_key"],
)
def index(organizer: str, query_data: TeamOrderSearch) -> Any:
    page = team_orders.list_orders(organizer, query_data)
    return TeamOrdersOut(
        data=[_shown(order) for order in page.orders],
        links=next_link("api.team_orders.index", page.next, organizer=organizer),
    )


def _shown(order: TeamOrder) -> TeamOrderOut:
    links = {"event": link("api.events.show", slug=str(order.event.id))}
    return TeamOrderOut(**order.model_dump(), links=links)
