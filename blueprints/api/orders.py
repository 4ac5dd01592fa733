"""Orders: hold seats, pay, look, give back. Guests show their order's secret in X-Order-Secret."""

from __future__ import annotations

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from blueprints.api.paging import Paging
from blueprints.guards import signed_in
from blueprints.links import Link, Links, link, next_link
from services import checkouts, orders
from services.models import Output
from services.models.orders import Naming, OpenOrder, Order, OrderDraft, PlacedOrder
from web.limits import order_attempt_limit

bp = APIBlueprint("orders", __name__, url_prefix="/orders", tag="Orders")


class Repeatable(BaseModel):
    """Headers of a call that creates; a request has others beside them."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, str_strip_whitespace=True)

    idempotency_key: (
        Annotated[str, StringConstraints(min_length=1, max_length=255, pattern="^[ -~]*$")] | None
    ) = Field(
        None,
        alias="Idempotency-Key",
        description="With the same body, it gets the first answer again; ASCII that can be printed",
    )


class OrderOut(Order):
    links: Links


class OpenOrderOut(OpenOrder):
    links: Links


class PlacedOrderOut(PlacedOrder):
    links: Links


class OrdersOut(Output):
    data: list[OrderOut]
    links: Links


class CheckoutOut(Output):
    """Where to pay; a free order has no checkout and comes back confirmed."""

    order: OrderOut | None = None
    checkout_url: str | None = None
    session_id: str | None = None
    expires_at: str | None = None
    links: Links


@bp.post("")
@order_attempt_limit
@bp.input(OrderDraft)
@bp.input(Repeatable, location="headers")
@bp.output(PlacedOrderOut, status_code=201)
@bp.doc(
    summary="Hold seats",
    description="Pending until `expires_at`; pay it before. A guest's answer carries its `secret`.",
    security=["bearer", "order_secret"],
)
def create(json_data: OrderDraft, headers_data: Repeatable) -> Any:
    placed = orders.place(json_data, headers_data.idempotency_key)
    location = {"Location": link("api.orders.show", reference=placed.reference).href}
    return PlacedOrderOut(**placed.model_dump(), links=_links(placed)), 201, location


@bp.get("")
@signed_in
@bp.input(Paging, location="query")
@bp.output(OrdersOut)
@bp.doc(
    summary="List one's own orders",
    description="First what is coming, soonest first; then what is over, the latest event first.",
    security="bearer",
)
def index(query_data: Paging) -> Any:
    page = orders.list_own(query_data.limit, query_data.cursor)
    return OrdersOut(data=list(map(shown, page.orders)), links=next_link("api.orders.index", page.next))


@bp.get("/<reference>")
@bp.output(OpenOrderOut)
@bp.doc(summary="Read an order", security=["bearer", "order_secret"])
def show(reference: str) -> Any:
    order = orders.read(reference)
    return OpenOrderOut(**order.model_dump(), links=_links(order))


@bp.post("/<reference>/checkout")
@bp.output(CheckoutOut, status_code=201)
@bp.doc(
    summary="Begin to pay",
    description="Where to pay; an open page comes again. A free order is confirmed at once.",
    security=["bearer", "order_secret"],
    responses={
        200: {
            "description": "A free order, confirmed",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CheckoutOut"}}},
        }
    },  # type: ignore[arg-type]  # APIFlask's type leaves out whole responses under a number
)
def checkout(reference: str) -> ResponseReturnValue | Any:
    opened = checkouts.open_checkout(reference)
    links = {"order": link("api.orders.show", reference=reference)}
    if opened.checkout is None:
        return CheckoutOut(order=shown(opened.order), links=links), 200
    return CheckoutOut(
        checkout_url=opened.checkout.url,
        session_id=opened.checkout.session_id,
        expires_at=opened.checkout.expires_at.isoformat(),
        links=links,
    )


@bp.patch("/<reference>/attendees")
@bp.input(Naming)
@bp.output(OrderOut)
@bp.doc(
    summary="Say who sits in one's seats",
    description="While the order stands, until the event begins. Seats and fields left out stay as they are.",
    security=["bearer", "order_secret"],
)
def name_attendees(reference: str, json_data: Naming) -> Any:
    return shown(orders.name_attendees(reference, json_data))


def shown(order: Order) -> OrderOut:
    """An order with its links."""
    return OrderOut(**order.model_dump(), links=_links(order))


def shown_to_team(order: Order) -> OrderOut:
    """An order with the links of the team that sold it."""
    links = {"event": link("api.events.show", slug=order.event.slug)}
    if order.status == "confirmed":
        links["refunds"] = link("api.cancellations.refund", "POST", reference=order.reference)
    if order.status == "awaiting_approval":
        links["approval"] = link("api.approvals.approve", "POST", reference=order.reference)
        links["rejection"] = link("api.approvals.decline", "POST", reference=order.reference)
    return OrderOut(**order.model_dump(), links=links)


def _links(order: Order) -> dict[str, Link]:
    """Where the order is, and what its buyer can do with it now."""
    links = {
        "self": link("api.orders.show", reference=order.reference),
        "page": link("orders.show", reference=order.reference),
        "event": link("api.events.show", slug=order.event.slug),
    }
    if "pay" in order.can:
        links["checkout"] = link("api.orders.checkout", "POST", reference=order.reference)
    if "cancel" in order.can:
        links["cancellation"] = link("api.cancellations.create", "POST", reference=order.reference)
    if "name" in order.can:
        links["attendees"] = link("api.orders.name_attendees", "PATCH", reference=order.reference)
    return links
