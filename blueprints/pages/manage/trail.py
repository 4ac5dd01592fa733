"""What the trail tells of edits, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as pgettext

from services.models.audit import AuditEntry
from web.amounts import typed_number
from web.formatting import language_name, moment, money

FIELDS: dict[str, LazyString] = {
    "title": _("Title"),
    "summary": _("In one sentence"),
    "description": _("Description"),
    "language_code": _("Language"),
    "venue_id": _("Place"),
    "timezone": _("Time zone"),
    "starts_at": _("Start"),
    "ends_at": _("End"),
    "capacity": _("Seats"),
    "currency": _("Currency"),
    "asks_phone": _("Buyers must leave a phone number"),
    "waitlist_keeps_price": _("Who waits in line is offered the price of the day they joined"),
    "joining": _("How to join"),
    "name": _("Name"),
    "price_cents": _("Price of a seat"),
    "early_bird_price_cents": _("Early-bird price"),
    "early_bird_until": pgettext("trail", "Early-bird until"),
    "group_min_quantity": pgettext("trail", "Seats of a group"),
    "group_percent": _("Percent off each"),
    "vat_rate": _("VAT in percent"),
    "min_per_order": _("Least in one order"),
    "max_per_order": _("Most in one order"),
    "requires_approval": _("You say yes to each order before it is paid"),
    "sale_starts_at": _("Sale begins"),
    "sale_ends_at": _("Sale ends"),
    "access_code": _("Code that opens this ticket"),
    "address": _("Street and number"),
    "postal_code": _("Postal code"),
    "city": _("Town"),
    "country": _("Country"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "hours": _("Opening hours"),
    "slug": _("Address"),
    "about": pgettext("trail", "About the team"),
    "website": _("Website"),
    "hue": _("Colour"),
}
# They are too long for a line, say nothing to a reader, or open a door.
UNSAID = {"summary", "description", "about", "hours", "venue_id", "hue", "joining", "access_code"}
PRICES = {"price_cents", "early_bird_price_cents"}
MOMENTS = {"starts_at", "ends_at", "early_bird_until", "sale_starts_at", "sale_ends_at"}


@dataclass(frozen=True)
class Edit:
    """A field, with what it said before and says since where both fit a line."""

    label: LazyString
    before: str | None = None
    now: str | None = None


def edits(entry: AuditEntry, timezone: str) -> Iterator[Edit]:
    """What was edited, field by field; instants by the clocks of `timezone`."""
    changed: dict[str, dict[str, Any]] = entry.detail.get("changed", {})
    for field in sorted(changed, key=list(FIELDS).index):
        if field in UNSAID or (field in PRICES and entry.subject.currency is None):
            yield Edit(FIELDS[field])
        else:
            before, now = (
                _said(field, changed[field][when], timezone, entry.subject.currency)
                for when in ("from", "to")
            )
            yield Edit(FIELDS[field], before, now)


def _said(field: str, value: Any, timezone: str, currency: str | None) -> str:
    if value is None or value == "":
        return str(_("nothing"))
    if isinstance(value, bool):
        return str(pgettext("trail", "yes") if value else pgettext("trail", "no"))
    if field in PRICES and currency:
        return money(value, currency)
    if field in MOMENTS:
        return moment(datetime.fromisoformat(value), timezone)
    if field == "language_code":
        return language_name(value)
    return typed_number(value) if isinstance(value, int | float) else str(value)
