"""Orders of a team."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link, next_link
from services import team_orders
from services.models import Output
from services.models.team_orders import OpenOrderFile, OrderFile, TeamOrder, TeamOrderSearch

bp = APIBlueprint("team_orders", __name__, url_prefix="/organizers/<organizer>/orders", tag="Orders")


class TeamOrderOut(TeamOrder):
    links: Links


class OrderFileOut(OrderFile):
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
        data=[_shown(organizer, order) for order in page.orders],
        links=next_link("api.team_orders.index", page.next, organizer=organizer),
    )


@bp.get("/<reference>")
@signed_in_or_key
@bp.output(OrderFileOut)
@bp.doc(
    summary="Read a team's order",
    description="With its history, and what may be done about it now. Needs orders:read.",
    security=["bearer", "api_key"],
)
def show(organizer: str, reference: str) -> Any:
    return file_shown(team_orders.read(reference, organizer))


def file_shown(file: OpenOrderFile) -> OrderFileOut:
    """A team's order with its links."""
    reference, organizer = file.order.reference, file.workspace.organizer.slug
    links = {
        "self": link("api.team_orders.show", organizer=organizer, reference=reference),
        "page": link("manage.order.show", organizer=organizer, reference=reference),
        "event": link("api.events.show", slug=str(file.order.event.id)),
    }
    for action in file.may:
        links |= {
            name: link(endpoint, method, reference=reference) for name, method, endpoint in DEEDS[action]
        }
    return OrderFileOut(**file.model_dump(exclude={"workspace"}), links=links)


# What each word of `may` opens: the link's name, its method and its endpoint.
DEEDS: dict[str, list[tuple[str, str, str]]] = {
    "answer": [("approval", "POST", "api.approvals.approve"), ("rejection", "POST", "api.approvals.decline")],
    "release": [("release", "POST", "api.order_care.release")],
    "cancel": [("refund_preview", "GET", "api.order_care.preview_refund")],
    "refund": [("refunds", "POST", "api.cancellations.refund")],
    "hand_back": [("hand_back", "POST", "api.desk.hand_back")],
    "take_money": [("payments", "POST", "api.desk.record_payment")],
    "change": [
        ("mails", "POST", "api.order_care.repeat_mail"),
        ("buyer", "PUT", "api.order_care.change_buyer"),
    ],
    "readdress": [],
    "note": [("notes", "POST", "api.order_care.add_note")],
}


def _shown(organizer: str, order: TeamOrder) -> TeamOrderOut:
    links = {
        "self": link("api.team_orders.show", organizer=organizer, reference=order.reference),
        "event": link("api.events.show", slug=str(order.event.id)),
    }
    return TeamOrderOut(**order.model_dump(), links=links)
