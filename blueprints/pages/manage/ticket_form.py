"""The form of a ticket type: its fields as text, what they ask for, and where a refusal belongs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blueprints.errors import sentences_by_field
from blueprints.pages.manage.event_form import Form, in_order, plain, reconciled, shown, wall_clock
from services.models.ticket_types import TeamTicketType
from services.refusals import Refusal
from services.ticket_types import Facts
from web.amounts import cents, typed_amount, typed_number

TEXTS = (
    "name", "description", "group_min_quantity", "group_percent", "vat_rate", "capacity",
    "min_per_order", "max_per_order", "early_bird_until", "sale_starts_at", "sale_ends_at",
    "access_code",
)  # fmt: skip
ORDER = (
    "name", "price", "early_bird_price", "early_bird_until", "group_min_quantity", "group_percent",
    "capacity", "vat_rate", "min_per_order", "max_per_order", "sale_starts_at", "sale_ends_at", "description",
)  # fmt: skip
MOMENTS = ("early_bird_until", "sale_starts_at", "sale_ends_at")
# What Postgres calls the sums that the form asks for.
SUMS = {"price": "price_cents", "early_bird_price": "early_bird_price_cents"}
FIELDS = {column: field for field, column in SUMS.items()}


def typed(fields: Mapping[str, str]) -> Form:
    """The form as it was filled in, to be shown again; a box that is not ticked is empty."""
    names = ("revision", "currency", *TEXTS, *SUMS, "requires_approval")
    return {name: plain(fields.get(name, "")) for name in names}


def begun(currency: str) -> Form:
    """The form of a new ticket type before anybody typed."""
    return typed({"currency": currency, "min_per_order": "1", "max_per_order": "10"})


def filled(type: TeamTicketType, currency: str, timezone: str) -> Form:
    """The form of a ticket type as it is now."""
    texts = {name: value for name in TEXTS if (value := getattr(type, name)) is not None}
    moments = {name: wall_clock(texts[name], timezone) for name in MOMENTS if name in texts}
    return typed(
        {
            name: typed_number(value) if isinstance(value, float) else str(value)
            for name, value in texts.items()
        }
        | moments
        | {field: typed_amount(getattr(type, column), currency) for field, column in SUMS.items()}
        | {"revision": str(type.revision), "currency": currency}
        | {"requires_approval": "on" if type.requires_approval else ""}
    )


def facts(form: Form) -> Facts:
    """What the form asks for, for Postgres to judge; empty fields take a rule away."""
    sums = {
        column: cents(form[field], form["currency"]) if form[field] else None
        for field, column in SUMS.items()
    }
    texts: dict[str, Any] = {name: form[name] or None for name in TEXTS}
    return {
        **texts,
        **sums,
        "vat_rate": form["vat_rate"] or "0",
        "requires_approval": bool(form["requires_approval"]),
    }


def errors(refusal: Refusal) -> dict[str, str]:
    """What to say beside which field; `form` is for what belongs to none."""
    told = {FIELDS.get(field, field): sentence for field, sentence in sentences_by_field(refusal).items()}
    return in_order(told, ORDER)


def merged(form: Form, refusal: Refusal, type: TeamTicketType, timezone: str) -> tuple[Form, dict[str, str]]:
    """What somebody typed while somebody else changed the ticket type; see `event_form.reconciled`."""
    now = filled(type, form["currency"], timezone)
    before = {
        FIELDS.get(column, column): _shown(column, change.get("before"), form["currency"], timezone)
        for column, change in refusal.detail.get("changes", {}).items()
    }
    result, told = reconciled(form, refusal, before, now)
    return result, in_order(told, ORDER)


def _shown(column: str, value: Any, currency: str, timezone: str) -> str:
    if column in FIELDS:
        return typed_amount(value, currency)
    if column == "vat_rate":
        return typed_number(value)
    return shown(column in MOMENTS, value, timezone)
