"""The filters of a list, as its address has them."""

from __future__ import annotations

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from services.refusals import Refusal

Search = TypeVar("Search", bound=BaseModel)


def filters(shape: type[Search]) -> Search:
    """What the address asks for; filters that are empty or impossible are left out, as a reader would.

    Raises Refusal `cursor_invalid`.
    """
    known = {field.alias or name for name, field in shape.model_fields.items()} - {"limit"}
    wanted = {name: value for name, value in request.args.items() if value.strip() and name in known}
    try:
        return shape.model_validate(wanted)
    except ValidationError as error:
        wrong = {str(complaint["loc"][0]) for complaint in error.errors()}
        if "cursor" in wrong:
            raise Refusal("cursor_invalid", 422) from error
        return shape.model_validate({name: value for name, value in wanted.items() if name not in wrong})
