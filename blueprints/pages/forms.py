"""What a form asks for, in the shape that a service takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from services.models import Input
from services.refusals import Refusal

Shape = TypeVar("Shape", bound=Input)
# pydantic's many kinds of complaint, in our few words; the rest does not look right.
WORDS = {"missing": "required", "string_too_long": "too_long"}


def read(shape: type[Shape], fields: Mapping[str, Any]) -> Shape:
    """What was typed, as `shape`. Raises Refusal `invalid_input`, which names the fields it is about."""
    try:
        return shape.model_validate(fields)
    except ValidationError as error:
        complaints = error.errors(include_url=False, include_input=False, include_context=False)
        errors = [
            {"field": _name(complaint["loc"]), "code": WORDS.get(complaint["type"], "invalid")}
            for complaint in complaints
        ]
        raise Refusal("invalid_input", 422, {"errors": errors}) from error


def _name(location: tuple[int | str, ...]) -> str:
    """A form's name of a field: buyer, name → buyer_name; one of many languages belongs to them all."""
    return "_".join(part for part in location if isinstance(part, str))
