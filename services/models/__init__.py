"""Shapes of what comes in and what goes out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

# A complaint that ends in a log must not hold what was typed, such as a password.
UNSAID = ConfigDict(hide_input_in_errors=True)


class Input(BaseModel):
    """What a caller sends: unknown fields are refused, blanks around text are dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True, **UNSAID)


class Output(BaseModel):
    """What we answer: fields the database adds later are passed by until a shape names them."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, **UNSAID)
