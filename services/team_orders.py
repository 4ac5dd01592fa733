"""A team's orders: found, looked into, and looked after."""

from __future__ import annotations

from uuid import UUID

from services.models.team_orders import (
    AttendeeChange,
    BuyerChange,
    OpenOrderFile,
    RefundPreview,
    TeamOrderPage,
    TeamOrderSearch,
)
from services.outside import database

Seats = list[UUID] | None  # attendees by id; None means all of them


def list_orders(organizer: str, search: TeamOrderSearch) -> TeamOrderPage:
    """A team's orders that fit. Raises Refusal: not_found, not_permitted, cursor_invalid."""
    return TeamOrderPage.model_validate(
        database.call("list_team_orders", organizer=organizer, **search.model_dump(mode="json"))
    )


def read(reference: str, organizer: str | None = None) -> OpenOrderFile:
    """An order of a team, of this organizer if one is named. Raises Refusal: not_found, not_permitted."""
    return OpenOrderFile.model_validate(
        database.call("read_team_order", reference=reference, organizer=organizer)
    )


def prepare_refund(reference: str, organizer: str | None = None, attendees: Seats = None) -> RefundPreview:
    """What giving up seats would bring back. Raises Refusal: not_found, not_permitted, attendee_unknown."""
    return RefundPreview.model_validate(
        database.call("prepare_refund", reference=reference, organizer=organizer, attendees=attendees)
    )


def change_buyer(reference: str, change: BuyerChange) -> OpenOrderFile:
    """Put an order in another name, a guest's also to another address, which gets a link of its own.

    Raises Refusal: not_found, not_permitted, address_of_account, address_has_order,
    buyer_name_missing, buyer_email_invalid, buyer_phone_invalid.
    """
    return OpenOrderFile.model_validate(
        database.call("change_buyer", reference=reference, **change.model_dump(mode="json"))
    )


def change_attendee(reference: str, attendee_id: UUID, change: AttendeeChange) -> OpenOrderFile:
    """Say who sits in a seat.

    Raises Refusal: not_found, not_permitted, attendee_unknown, attendees_invalid.
    """
    return OpenOrderFile.model_validate(
        database.call(
            "change_attendee",
            reference=reference,
            attendee_id=attendee_id,
            **change.model_dump(mode="json"),
        )
    )


def release(reference: str, reason: str) -> OpenOrderFile:
    """Give back the seats of an order that nobody has paid yet.

    Raises Refusal: not_found, not_permitted, reason_missing, payment_processing, cannot_cancel.
    """
    return OpenOrderFile.model_validate(database.call("release_order", reference=reference, reason=reason))


def repeat_mail(reference: str, delivery_id: UUID) -> OpenOrderFile:
    """Send a mail about an order again, as things are now.

    Raises Refusal: not_found, not_permitted, mail_outdated, too_many_mails.
    """
    return OpenOrderFile.model_validate(
        database.call("repeat_mail", reference=reference, delivery_id=delivery_id)
    )


def add_note(reference: str, body: str) -> OpenOrderFile:
    """Note something for the team alone. Raises Refusal: not_found, not_permitted, note_invalid."""
    return OpenOrderFile.model_validate(database.call("add_order_note", reference=reference, body=body))
