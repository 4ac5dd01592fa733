"""Giving seats up, and giving money back."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from apiflask import APIBlueprint
from flask_babel import gettext as _
from flask_babel import ngettext
from pydantic import BeforeValidator, Field

from blueprints.api.bodies import OPTIONAL_BODY
from blueprints.api.orders import OrderOut, shown, shown_to_team
from blueprints.api.repeats import repeatable
from blueprints.guards import signed_in_or_key
from blueprints.links import Link, Links, link
from services import cancellations
from services.models import Input, Output
from services.models.events import Cents
from services.models.orders import CancellationQuote, Order, RefundRequest, SeatChoice

bp = APIBlueprint("cancellations", __name__, url_prefix="/orders", tag="Orders")


class SeatQuery(Input):
    attendees: Annotated[list[UUID], BeforeValidator(lambda ids: ids.split(",")), Field(max_length=200)] = (
        Field(
            default_factory=list,
            description="Seats to give up, by id, separated by commas; all of them when none are named",
            json_schema_extra={"type": "string"},
        )
    )


class CancellationQuoteOut(CancellationQuote):
    links: Links


class CancellationOut(Output):
    cancelled: bool = Field(description="Whether the seats are given up already")
    refunded: bool = Field(description="Whether money goes back: Stripe has accepted the refund")
    refunded_cents: Cents
    message: str
    order: OrderOut
    links: Links


@bp.get("/<reference>/cancellation")
@bp.input(SeatQuery, location="query")
@bp.output(CancellationQuoteOut)
@bp.doc(summary="What giving seats up would bring back", security=["bearer", "order_secret"])
def show(reference: str, query_data: SeatQuery) -> Any:
    answer = cancellations.quote(reference, query_data.attendees or None)
    links = _links(reference)
    if answer.possible:
        links["cancel"] = link("api.cancellations.create", "POST", reference=reference)
    return CancellationQuoteOut(**answer.model_dump(), links=links)


@bp.post("/<reference>/cancellation")
@bp.input(SeatChoice, **OPTIONAL_BODY)
@bp.output(CancellationOut)
@bp.doc(
    summary="Give seats up",
    description="Held seats at once; paid ones when their refund is accepted. Some of them, or all.",
    security=["bearer", "order_secret"],
)
def create(reference: str, json_data: SeatChoice) -> Any:
    return _told(cancellations.cancel(reference, json_data.attendees))


@bp.post("/<reference>/refunds")
@signed_in_or_key
@repeatable(bp)
@bp.input(RefundRequest)
@bp.output(OrderOut)
@bp.doc(
    summary="Give money back as a team",
    description="An amount, the seats kept; or seats with their price, at any time. Needs orders:refund.",
    security=["bearer", "api_key"],
)
def refund(reference: str, json_data: RefundRequest) -> Any:
    return shown_to_team(cancellations.refund(reference, json_data))


def _told(order: Order) -> CancellationOut:
    last = order.cancellation
    done = last is None or last.status == "done"
    seats = last.seats if last else len(order.attendees)
    refund_cents = last.refund_cents if last else 0
    if done:
        message = ngettext("The seat is given up.", "The seats are given up.", seats)
    else:
        message = _("The refund is on its way; the seats are given up as soon as it is accepted.")
    return CancellationOut(
        cancelled=done,
        refunded=done and refund_cents > 0,
        refunded_cents=refund_cents,
        message=message,
        order=shown(order),
        links=_links(order.reference),
    )


def _links(reference: str) -> dict[str, Link]:
    return {
        "self": link("api.cancellations.show", reference=reference),
        "order": link("api.orders.show", reference=reference),
    }
