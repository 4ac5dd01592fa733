"""The order form: how its fields are named, read and judged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from werkzeug.datastructures import MultiDict

from blueprints.errors import sentences_by_field
from blueprints.pages import forms
from services.events import Quantities
from services.models.orders import OrderDraft
from services.refusals import Refusal, sentence

QUANTITY = re.compile(r"quantity\[([0-9a-f-]{36})\]")
LONGEST_KEY = 255  # characters
LONGEST_CODE = 40
WHOLE_NUMBER = re.compile(r"-?\d{1,9}")

# Which field a word of Postgres belongs to; others are said above the form.
FIELDS = {
    "buyer_name_missing": "buyer_name",
    "buyer_email_invalid": "buyer_email",
    "address_has_order": "buyer_email",
    "buyer_phone_missing": "buyer_phone",
    "buyer_phone_invalid": "buyer_phone",
    "too_many_codes": "promotion_code",
    "code_unknown": "promotion_code",
    "code_not_valid_now": "promotion_code",
    "code_used_up": "promotion_code",
    "code_used_by_you": "promotion_code",
}
# What a field that must be filled in says when it is empty.
EMPTY = {
    "buyer_name": "buyer_name_missing",
    "buyer_email": "buyer_email_invalid",
    "buyer_phone": "buyer_phone_missing",
}
# What is wrong about somebody else's seat, by field.
SEAT = {"name": "too_long", "email": "email_invalid"}
Fields = Mapping[str, str] | MultiDict[str, str]


def quantities(fields: Fields) -> Quantities:
    """The seats asked for by ticket type; empty and zero fields are left out, nonsense is refused."""
    asked: Quantities = {}
    for name, value in fields.items():
        field = QUANTITY.fullmatch(name)
        if not field or value.strip() in {"", "0"}:
            continue
        if not WHOLE_NUMBER.fullmatch(value.strip()):
            raise Refusal("quantity_invalid", 422, {"ticket_type_id": field[1]})
        asked[field[1]] = int(value)
    return asked


def readable_quantities(fields: Fields) -> Quantities:
    """The seats asked for, none where they cannot be read."""
    try:
        return quantities(fields)
    except Refusal:
        return {}


def code_of(fields: Fields) -> str | None:
    """The word in a link that opens a hidden ticket type or makes the order cheaper, if there is one."""
    return fields.get("code", "").strip()[:LONGEST_CODE] or None


def blank(asked: Quantities, person: dict[str, Any] | None, fields: Fields) -> dict[str, Any]:
    """The form as first shown, or again for a code. Its key makes sending it twice the same order."""
    return {
        "quantities": asked,
        "buyer_name": fields.get("buyer_name") or (person["display_name"] if person else None),
        "buyer_email": fields.get("buyer_email"),
        "buyer_phone": fields.get("buyer_phone"),
        "attendees": {},
        "promotion_code": fields.get("promotion_code", "").strip() or code_of(fields),
        "idempotency_key": str(uuid4()),
    }


def typed(fields: MultiDict[str, str]) -> dict[str, Any]:
    """The form as it was filled in, to be shown again."""
    asked = quantities(fields)
    return {
        "quantities": asked,
        "buyer_name": fields.get("buyer_name", ""),
        "buyer_email": fields.get("buyer_email", ""),
        "buyer_phone": fields.get("buyer_phone", ""),
        "attendees": {id: _attendees(fields, id) for id in asked},
        "promotion_code": fields.get("promotion_code", "").strip() or None,
        "idempotency_key": fields.get("idempotency_key", "")[:LONGEST_KEY] or str(uuid4()),
        "seen_cents": fields.get("seen_cents", type=int),
    }


def draft(event_id: str, form: dict[str, Any]) -> OrderDraft:
    """The order that the form asks for. Raises Refusal `invalid_input`."""
    return forms.read(
        OrderDraft,
        {
            "event_id": event_id,
            "lines": [
                {"ticket_type_id": id, "quantity": number, "attendees": form["attendees"][id][:number]}
                for id, number in form["quantities"].items()
            ],
            "promotion_code": form["promotion_code"],
            "seen_cents": form["seen_cents"],
            "buyer": {field: form[f"buyer_{field}"] or None for field in ("name", "email", "phone")},
        },
    )


def errors(refusal: Refusal) -> dict[str, str]:
    """What to say beside which field; `form` is for what belongs to none."""
    if "errors" in refusal.detail:
        told = sentences_by_field(refusal)
        return {"form" if field.startswith("lines") else field: words for field, words in told.items()}
    seat = refusal.detail.get("field")
    if refusal.word == "attendees_invalid" and seat in SEAT:
        id = "attendee-{ticket_type_id}-{seat}-{field}".format(**refusal.detail)
        return {id: sentence(SEAT[seat])}
    field = FIELDS.get(refusal.word, "form")
    ticket_type_id, left = refusal.detail.get("ticket_type_id"), refusal.detail.get("left")
    if field == "form" and ticket_type_id and left != 0:  # a sold-out type has no field any more
        field = f"quantity[{ticket_type_id}]"
    return {field: sentence(refusal.word, refusal.detail)}


def empty(fields: Fields) -> dict[str, str]:
    """What to say beside the fields that were left empty; Postgres tells of one at a time."""
    return {name: sentence(word) for name, word in EMPTY.items() if not fields.get(name, word).strip()}


def _attendees(fields: MultiDict[str, str], ticket_type_id: str) -> list[dict[str, str]]:
    names = fields.getlist(f"attendee_name[{ticket_type_id}]")
    emails = fields.getlist(f"attendee_email[{ticket_type_id}]")
    return [{"name": name, "email": email} for name, email in zip(names, emails, strict=False)]


def event_id_of(fields: Fields) -> str:
    """The event that the form was made for. Raises Refusal `not_found` when it was tampered with."""
    try:
        return str(UUID(fields.get("event_id") or ""))
    except ValueError as error:
        raise Refusal("not_found", 404) from error
