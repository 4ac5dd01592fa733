"""What a team does about an order short of its money: names, addresses, mails said again, notes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from blueprints.api.cancellations import SeatQuery
from blueprints.api.repeats import repeatable
from blueprints.api.team_orders import OrderFileOut, file_shown
from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link
from services import team_orders
from services.models import Output
from services.models.events import Cents
from services.models.team_orders import AttendeeChange, BuyerChange, MailChoice, NoteDraft, ReleaseReason

bp = APIBlueprint("order_care", __name__, url_prefix="/orders/<reference>", tag="Orders")


class RefundPreviewOut(Output):
    """What giving up seats would bring back; send `kept_cents` along with the refund."""

    attendees: list[UUID]
    refund_cents: Cents
    kept_cents: Cents
    currency: str
    links: Links


@bp.get("/refunds/preview")
@signed_in_or_key
@bp.input(SeatQuery, location="query")
@bp.output(RefundPreviewOut)
@bp.doc(
    summary="What a team's refund would come to",
    description="For some seats, or for all. Needs orders:refund.",
    security=["bearer", "api_key"],
)
def preview_refund(reference: str, query_data: SeatQuery) -> Any:
    preview = team_orders.prepare_refund(reference, attendees=query_data.attendees or None)
    return RefundPreviewOut(
        attendees=preview.attendees,
        refund_cents=preview.refund_cents,
        kept_cents=preview.kept_cents,
        currency=preview.order.currency,
        links={"refunds": link("api.cancellations.refund", "POST", reference=reference)},
    )


@bp.post("/release")
@signed_in_or_key
@bp.input(ReleaseReason)
@bp.output(OrderFileOut)
@bp.doc(
    summary="Give the seats of an unpaid order back",
    description="Its buyer is told why. Needs orders:write.",
    security=["bearer", "api_key"],
)
def release(reference: str, json_data: ReleaseReason) -> Any:
    return file_shown(team_orders.release(reference, json_data.reason))


@bp.put("/buyer")
@signed_in_or_key
@bp.input(BuyerChange)
@bp.output(OrderFileOut)
@bp.doc(
    summary="Put an order in another name",
    description="A guest's order also to another address: a new link goes there, the old one ends."
    " Needs orders:write.",
    security=["bearer", "api_key"],
)
def change_buyer(reference: str, json_data: BuyerChange) -> Any:
    return file_shown(team_orders.change_buyer(reference, json_data))


@bp.put("/attendees/<uuid:attendee_id>")
@signed_in_or_key
@bp.input(AttendeeChange)
@bp.output(OrderFileOut)
@bp.doc(summary="Say who sits in a seat", description="Needs orders:write.", security=["bearer", "api_key"])
def change_attendee(reference: str, attendee_id: UUID, json_data: AttendeeChange) -> Any:
    return file_shown(team_orders.change_attendee(reference, attendee_id, json_data))


@bp.post("/mails")
@signed_in_or_key
@bp.input(MailChoice)
@bp.output(OrderFileOut)
@bp.doc(
    summary="Send a mail about an order again",
    description="As things are now, to its present address; a few times an hour. Needs orders:write.",
    security=["bearer", "api_key"],
)
def repeat_mail(reference: str, json_data: MailChoice) -> Any:
    return file_shown(team_orders.repeat_mail(reference, json_data.delivery_id))


@bp.post("/notes")
@signed_in_or_key
@repeatable(bp)
@bp.input(NoteDraft)
@bp.output(OrderFileOut)
@bp.doc(
    summary="Note something for the team", description="Needs orders:write.", security=["bearer", "api_key"]
)
def add_note(reference: str, json_data: NoteDraft) -> Any:
    return file_shown(team_orders.add_note(reference, json_data.body))
