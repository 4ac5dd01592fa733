"""What happened, in words: to an order above all, and to whatever else the trail tells of."""

from __future__ import annotations

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from services.models.team_orders import Deed
from web.formatting import money

WORDS: dict[str, LazyString] = {
    "order.placed": _("Placed"),
    "order.pending": _("Accepted; its seats are held"),
    "order.confirmed": _("Confirmed"),
    "order.cancelled": pgettext("order", "Cancelled"),
    "order.expired": _("Lapsed"),
    "order.declined": _("Declined"),
    "order.payment_unpaid": _("Counts as unpaid"),
    "order.payment_paid": _("Counts as paid"),
    "order.payment_partially_refunded": _("Counts as partly given back"),
    "order.payment_refunded": _("Counts as given back"),
    "order.payment_failed": _("A payment failed"),
    "order.payment_processing": _("A payment is under way"),
    "order.buyer_changed": _("Put in another name or address"),
    "order.attendee_changed": _("Somebody else in a seat"),
    "order.mail_repeated": _("A mail sent again"),
    "payment.succeeded": _("Paid"),
    "payment.review": _("Money came in that was not asked for: please look at Stripe"),
    "payment.disputed": _("Contested at the bank"),
    "refund.requested": _("Refund asked for"),
    "refund.succeeded": _("Given back"),
    "refund.failed": _("Refund failed"),
    "cancellation.refunding": _("Cancellation begun"),
    "cancellation.done": _("Seats given up"),
    "cancellation.failed": _("Cancellation failed; nothing was given up"),
    "waitlist.waiting": _("Joined the line"),
    "waitlist.offered": _("Seats offered"),
    "waitlist.converted": _("Took the seats offered"),
    "waitlist.lapsed": _("Let the offer lapse"),
    "waitlist.left": _("Left the line"),
    "event.created": pgettext("trail", "Made"),
    "event.edited": pgettext("trail", "Changed"),
    "event.cover_changed": _("Another picture"),
    "event.deleted": pgettext("trail", "Deleted"),
    "event.draft": _("Taken off show"),
    "event.awaiting_payment": _("Waits for its first payment"),
    "event.published": _("Put on show"),
    "event.completed": pgettext("trail", "Over"),
    "event.cancelled": _("Called off"),
    "ticket_type.created": pgettext("trail", "Made"),
    "ticket_type.edited": pgettext("trail", "Changed"),
    "ticket_type.deleted": pgettext("trail", "Deleted"),
    "promotion_code.created": pgettext("trail", "Made"),
    "promotion_code.ended": pgettext("trail", "Ended"),
    "venue.created": pgettext("trail", "Made"),
    "venue.edited": pgettext("trail", "Changed"),
    "venue.key_made": _("Key made for its partner"),
    "venue.key_ended": _("Key of its partner ended"),
    "organizer.created": pgettext("trail", "Made"),
    "organizer.edited": pgettext("trail", "Changed"),
    "organizer.picture_changed": _("Another picture"),
    "team.invited": pgettext("trail", "Invited"),
    "team.invitation_sent_again": _("Invited again"),
    "team.invitation_withdrawn": _("Invitation withdrawn"),
    "team.invitation_accepted": _("Invitation accepted"),
    "team.joined": _("Joined the team"),
    "team.role_changed": _("Another role"),
    "team.left": _("Left the team"),
    "team.key_made": pgettext("trail", "Made"),
    "team.key_changed": _("Narrowed"),
    "team.key_revoked": pgettext("trail", "Revoked"),
}
ACTORS: dict[str, LazyString] = {
    "guest": _("the buyer"),
    "person": _("someone signed in"),
    "key": _("a program"),
    "service": _("automatically"),
    "dashboard": _("in the database"),
}
REASONS: dict[str, LazyString] = {
    "comp": _("free of charge"),
    "hold_lapsed": _("not paid in time"),
    "not_answered": _("not answered in time"),
    "given_back": _("given back"),
    "seated_again": _("paid late, and seated again"),
    "payment_retry_limit": _("three payments failed"),
    "payment_failed": _("the payment failed"),
    "cancelled_by_buyer": _("by its buyer"),
    "cancelled_by_organizer": _("by the team"),
    "cancelled_by_event": _("the event was called off"),
    "declined_by_organizer": _("by the team"),
    "paid_twice": _("paid twice"),
    "too_late": _("paid too late"),
    "stripe_dashboard": _("in Stripe’s dashboard"),
    "too_few_people": _("too few people"),
}
METHODS: dict[str, LazyString] = {"cash": _("in cash"), "bank": _("by bank transfer")}
MAILS: dict[str, LazyString] = {
    "order_confirmed": _("Confirmation"),
    "order_requested": pgettext("mail", "Request"),
    "order_approved": _("Acceptance"),
    "order_declined": _("Refusal"),
    "order_unanswered": _("No answer in time"),
    "order_expired_refund": _("Refund of late money"),
    "order_readdressed": _("New link"),
    "order_released": _("Cancellation"),
    "payment_refunded": _("Refund"),
    "refund_failed": _("Failed refund"),
    "seats_cancelled": _("Cancellation"),
    "seats_offered": _("Offer of seats"),
    "event_cancelled": _("Event called off"),
    "event_changed": _("Another time or place"),
}
MAIL_STATES: dict[str, LazyString] = {
    "queued": _("waiting to go out"),
    "sending": _("going out"),
    "sent": _("sent"),
    "delivered": _("delivered"),
    "bounced": _("came back: this address takes no mail"),
    "complained": _("marked as spam by its reader"),
    "dead": _("could not be sent"),
}


def change_words(change: Deed) -> str:
    """What a change was, and why if there is a reason: "Refund asked for, €5.00: paid twice"."""
    words = [str(WORDS.get(change.what, change.what))]
    detail = change.detail
    if detail.get("amount_cents"):
        words.append(money(abs(detail["amount_cents"]), detail["currency"]))
    if detail.get("method") in METHODS:
        words.append(str(METHODS[detail["method"]]))
    if detail.get("seats"):
        words.append(ngettext("%(num)s seat", "%(num)s seats", detail["seats"]))
    what, reason = ", ".join(words), detail.get("reason") or detail.get("error")
    return str(_("%(what)s: %(why)s", what=what, why=REASONS.get(reason, reason))) if reason else what


def actor_words(change: Deed) -> str:
    """Who did it, by name if one may know it."""
    return change.name or str(ACTORS[change.by])


def mail_words(kind: str) -> str:
    """What a mail was about."""
    return str(MAILS.get(kind) or _("Mail"))
