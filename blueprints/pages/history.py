"""What happened to an order, in words for its buyer."""

from __future__ import annotations

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from services.models.orders import Step

WORDS: dict[str, LazyString] = {
    "order.requested": _("Requested"),
    "order.placed": _("Placed"),
    "order.pending": _("Accepted; its seats are held"),
    "order.confirmed": _("Confirmed"),
    "order.declined": _("Declined by the organizer"),
    "order.expired": _("Lapsed"),
    "order.cancelled": pgettext("order", "Cancelled"),
    "order.payment_processing": _("A payment is under way"),
    "order.payment_failed": _("A payment failed"),
    "payment.succeeded": _("Paid"),
    "payment.review": _("Paid, and being looked at"),
    "refund.requested": _("Refund on its way"),
    "refund.succeeded": _("Given back"),
    "refund.failed": _("Refund failed"),
    "cancellation.failed": _("Cancellation failed; your seats stayed yours"),
}
REASONS: dict[str, LazyString] = {
    "comp": _("free of charge"),
    "hold_lapsed": _("not paid in time"),
    "not_answered": _("not answered in time"),
    "given_back": _("given back"),
    "seated_again": _("paid late, and seated again"),
    "payment_retry_limit": _("three payments failed"),
    "payment_failed": _("the payment failed"),
    "cancelled_by_buyer": _("as you asked"),
    "cancelled_by_organizer": _("by the organizer"),
    "cancelled_by_event": _("the event was called off"),
    "paid_twice": _("paid twice"),
    "too_late": _("paid too late"),
    "too_few_people": _("too few people"),
}
SILENT = {"declined_by_organizer", "stripe_dashboard"}
TOLD_WITH_SEATS = {"cancelled_by_buyer", "cancelled_by_organizer", "cancelled_by_event"}
METHODS: dict[str, LazyString] = {"cash": _("in cash"), "bank": _("by bank transfer")}


def step_words(step: Step) -> str:
    """What happened and why: "2 seats cancelled: as you asked"."""
    if step.what == "cancellation.done":
        words = [ngettext("%(num)s seat cancelled", "%(num)s seats cancelled", step.seats or 0)]
    else:
        words = [str(WORDS[step.what])]
    if step.method in METHODS:
        words.append(str(METHODS[step.method]))
    what, reason = ", ".join(words), _reason(step)
    return str(_("%(what)s: %(why)s", what=what, why=REASONS.get(reason, reason))) if reason else what


def _reason(step: Step) -> str | None:
    """Why it happened, unless another step says so."""
    silent = SILENT | TOLD_WITH_SEATS if step.what.startswith("refund.") else SILENT
    return None if step.reason in silent or step.what.endswith(".failed") else step.reason
