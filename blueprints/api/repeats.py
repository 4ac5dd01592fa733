"""Calls that create, sent again because nobody heard the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from apiflask import APIBlueprint

from blueprints.api.orders import Repeatable
from services import caller

View = Callable[..., Any]


def repeatable(bp: APIBlueprint) -> Callable[[View], View]:
    """Let a view honour Idempotency-Key: Postgres makes the thing once, and gives its first answer again."""

    def decorate(view: View) -> View:
        @wraps(view)
        def once(*args: Any, headers_data: Repeatable, **kwargs: Any) -> Any:
            caller.become(replace(caller.current(), idempotency_key=headers_data.idempotency_key))
            return view(*args, **kwargs)

        documented: View = bp.input(Repeatable, location="headers")(once)
        return documented

    return decorate
