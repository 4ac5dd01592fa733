"""Shapes of what comes in and what goes out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Input(BaseModel):
    """What a caller sends: unknown fields are refused, blanks around text are dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Output(BaseModel):
    """What we answer: fields the database adds later are passed by until a shape names them."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)
