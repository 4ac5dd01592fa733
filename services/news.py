"""What short mails say: one template for all, and here the words for each kind about an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """A subject, a headline, paragraphs, where to go on (the mail's own link, or the event's page), whether
    money goes back, and for a mail about no order, why its reader gets it."""

    subject: str
    title: str
    paragraphs: list[str]
    action: str
    leads_to_event: bool = False
    gives_back: bool = False
    because: str = ""


def seats_cancelled(facts: Facts) -> News:
    seats = facts["data"]["seats"]
    paragraphs = []
    if facts["data"]["cause"] == "event":
        paragraphs.append(_("%(title)s does not take place. We are sorry.", title=facts["event"]["title"]))
    elif facts["data"]["cause"] == "organizer":
        paragraphs.append(_("The organizer has cancelled your seats."))
    else:
        paragraphs.append(
            ngettext(
                "Your seat is given up, as you asked.", "%(num)s seats are given up, as you asked.", seats
            )
        )
    paragraphs += _reason(facts)
    if facts["data"]["amount_cents"]:
        paragraphs.append(_returning(facts))
    whole = facts["data"]["whole"]
    return News(
        subject=_("Cancelled: %(title)s", title=facts["short_title"]),
        title=_("Your order is cancelled.")
        if whole
        else ngettext("A seat is cancelled.", "Seats are cancelled.", seats),
        paragraphs=paragraphs,
        action=_("See your order"),
        gives_back=bool(facts["data"]["amount_cents"]),
    )


def payment_refunded(facts: Facts) -> News:
    paragraphs = [*_reason(facts), _returning(facts)]
    if facts["data"].get("paid_twice"):
        paragraphs.insert(0, _("You paid for this order twice, so one of the payments goes back."))
    if facts["order"]["status"] == "confirmed":
        paragraphs.append(ngettext("Your seat stays yours.", "Your seats stay yours.", facts["seats"]))
    return News(
        subject=_("Refund for %(title)s", title=facts["short_title"]),
        title=_("Some of your money goes back.")
        if facts["data"]["amount_cents"] < facts["order"]["paid_cents"]
        else _("Your money goes back."),
        paragraphs=paragraphs,
        action=_("See your order"),
        gives_back=not facts["data"]["by_hand"],
    )


def event_cancelled(facts: Facts) -> News:
    return News(
        subject=_("Cancelled: %(title)s", title=facts["short_title"]),
        title=_("The event does not take place."),
        paragraphs=[
            _("%(title)s does not take place. We are sorry.", title=facts["event"]["title"]),
            *_reason(facts),
            _owing(facts),
        ],
        action=_("See your order"),
    )


def refund_failed(facts: Facts) -> News:
    return News(
        subject=_("Your refund did not go through: %(title)s", title=facts["short_title"]),
        title=_("Nothing was cancelled."),
        paragraphs=[
            _(
                "We tried to give %(amount)s back and the payment provider did not accept it. "
                "Your seats are still yours.",
                amount=facts["amount"],
            ),
            _(
                "You can try again on the page of your order. "
                "If it fails again, please write to the organizer."
            ),
        ],
        action=_("See your order"),
    )


def seats_offered(facts: Facts) -> News:
    return News(
        subject=_("Seats are free: %(title)s", title=facts["short_title"]),
        title=ngettext("A seat is held for you.", "%(num)s seats are held for you.", facts["seats"]),
        paragraphs=[
            _("You waited in line, and it is your turn."),
            _(
                "Please pay until %(until)s; after that they go to whoever is next.",
                until=facts["held_until"],
            ),
        ],
        action=_("Pay for your seats"),
    )


def order_requested(facts: Facts) -> News:
    paragraphs = [
        ngettext(
            "You asked for a seat. It is not held yet: the organizer answers each request.",
            "You asked for %(num)s seats. They are not held yet: the organizer answers each request.",
            facts["seats"],
        ),
        _(
            "You get a mail with the answer; without one, your request lapses on %(until)s.",
            until=facts["held_until"],
        ),
    ]
    if facts["order"]["total_cents"]:
        paragraphs.append(_("You have paid nothing. You do so only after a yes, and have time for it then."))
    return News(
        subject=_("Requested: %(title)s", title=facts["short_title"]),
        title=_("The organizer is looking at your request."),
        paragraphs=paragraphs,
        action=_("See your request"),
    )


def order_approved(facts: Facts) -> News:
    return News(
        subject=_("Accepted: %(title)s", title=facts["short_title"]),
        title=_("The organizer said yes."),
        paragraphs=[
            ngettext("Your seat is held.", "Your seats are held.", facts["seats"]),
            _pay_in_time(facts),
        ],
        action=_("Pay for your seats"),
    )


def order_declined(facts: Facts) -> News:
    return News(
        subject=_("Not this time: %(title)s", title=facts["short_title"]),
        title=_("The organizer could not accept your request."),
        paragraphs=[*_reason(facts), _("You have paid nothing, so there is nothing you need to do.")],
        action=_("See the event"),
        leads_to_event=True,
    )


def order_readdressed(facts: Facts) -> News:
    return News(
        subject=_("Your order for %(title)s", title=facts["short_title"]),
        title=_("This order comes to your address now."),
        paragraphs=[
            _(
                "The organizer has changed the address of order %(reference)s to this one.",
                reference=facts["order"]["reference"],
            ),
            _("The link below opens it; earlier links open it no more."),
        ],
        action=_("See your order"),
    )


def order_released(facts: Facts) -> News:
    return News(
        subject=_("Cancelled: %(title)s", title=facts["short_title"]),
        title=_("Your order is cancelled."),
        paragraphs=[
            _("The organizer has cancelled your order before it was paid."),
            *_reason(facts),
            _("You have paid nothing, so there is nothing you need to do."),
        ],
        action=_("See the event"),
        leads_to_event=True,
    )


def order_unanswered(facts: Facts) -> News:
    return News(
        subject=_("No answer in time: %(title)s", title=facts["short_title"]),
        title=_("Your request was not answered in time."),
        paragraphs=[
            _("The organizer did not answer, so your request for seats has lapsed. We are sorry."),
            _("You have paid nothing, so there is nothing you need to do."),
        ],
        action=_("See the event"),
        leads_to_event=True,
    )


def line_dismissed(facts: Facts) -> News:
    return _dismissed(
        facts,
        _("You were waiting in line for it. The line is closed, and there is nothing you need to do."),
        _(
            "Organized by %(organizer)s. You get this mail because you waited in line for it.",
            organizer=facts["organizer"]["name"],
        ),
    )


def seat_dismissed(facts: Facts) -> News:
    return _dismissed(
        facts,
        _(
            "You had a seat there that somebody else booked. "
            "They have the order, so there is nothing you need to do."
        ),
        _(
            "Organized by %(organizer)s. You get this mail because somebody booked a seat for you there.",
            organizer=facts["organizer"]["name"],
        ),
    )


def event_changed(facts: Facts) -> News:
    order, title = facts["order"], facts["event"]["title"]
    moved = facts["when_before"] != facts["when"]
    paragraphs = [
        _("Below is when and where %(title)s takes place now.", title=title),
        _("Until now it was: %(when)s. %(where)s.", when=facts["when_before"], where=facts["where_before"]),
    ]
    if order and order["status"] == "confirmed":
        paragraphs.append(ngettext("Your seat stays yours.", "Your seats stay yours.", facts["seats"]))
        if until := facts["cancel_before"]:
            advice = _("If this does not suit you: on the page of your order you can cancel until %(until)s.")
            paragraphs.append(advice % {"until": until})
    elif order and order["status"] == "pending" and order["payment_status"] != "processing":
        paragraphs += [
            ngettext("Your seat is held.", "Your seats are held.", facts["seats"]),
            _pay_in_time(facts),
        ]
    concerned = _(
        "Organized by %(organizer)s. You get this mail because you have a seat there, or wait for one."
    )
    return News(
        subject=_("Changed: %(title)s", title=facts["short_title"]),
        title=_("The time has changed.") if moved else _("The place has changed."),
        paragraphs=paragraphs,
        action=_("See your order") if order else _("See the event"),
        because="" if order else concerned % {"organizer": facts["organizer"]["name"]},
    )


NEWS: Mapping[str, Callable[[Facts], News]] = {
    "seats_cancelled": seats_cancelled,
    "payment_refunded": payment_refunded,
    "event_cancelled": event_cancelled,
    "refund_failed": refund_failed,
    "seats_offered": seats_offered,
    "order_requested": order_requested,
    "order_approved": order_approved,
    "order_declined": order_declined,
    "order_unanswered": order_unanswered,
    "order_readdressed": order_readdressed,
    "order_released": order_released,
    "line_dismissed": line_dismissed,
    "seat_dismissed": seat_dismissed,
    "event_changed": event_changed,
}


def _dismissed(facts: Facts, consequence: str, because: str) -> News:
    """An event is off, told to somebody without an order for it."""
    return News(
        subject=_("Cancelled: %(title)s", title=facts["short_title"]),
        title=_("The event does not take place."),
        paragraphs=[
            _("%(title)s does not take place. We are sorry.", title=facts["event"]["title"]),
            *_reason(facts),
            consequence,
        ],
        action=_("See what else is on"),
        because=because,
    )


def _reason(facts: Facts) -> list[str]:
    reason = facts["data"].get("reason")
    if not reason:
        return []
    if reason == "too_few_people":
        return [_("Too few people had signed up.")]
    return [_("The organizer writes: %(reason)s", reason=reason)]


def _pay_in_time(facts: Facts) -> str:
    return str(
        _("Please pay until %(until)s; after that they are free for others again.", until=facts["held_until"])
    )


def _returning(facts: Facts) -> str:
    by_hand = any(payment["method"] != "stripe" for payment in facts["order"].get("payments", []))
    if facts["data"].get("by_hand", by_hand):
        return str(_("The organizer has given %(amount)s back to you.", amount=facts["amount"]))
    back = _("%(amount)s is on its way back to you.", amount=facts["amount"])
    way = _(
        "It goes to the card or account you paid with; banks take 5 to 10 days. "
        "There is nothing you need to do."
    )
    return f"{back} {way}"


def _owing(facts: Facts) -> str:
    """What becomes of the money of somebody whose event is off and whose refund is not on its way yet."""
    if facts["order"]["payment_status"] == "processing":
        return str(_("Should your payment still arrive, it goes back to you by itself."))
    if not facts["order"]["paid_cents"]:
        return str(_("You have paid nothing, so there is nothing you need to do."))
    return str(
        _(
            "What you paid comes back to you from the organizer; we write again when it does. "
            "If you hear nothing, please write to them."
        )
    )
