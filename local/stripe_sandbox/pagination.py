"""Stripe's lists: newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import parameters as p
from .errors import missing
from .storage import Body, Store, field_is

Condition = tuple[str, object]

_BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def created_check(value: Any, name: str) -> Any:
    """Either a time, or bounds such as `created[gte]`; in seconds since 1970."""
    if isinstance(value, dict):
        return p.shape({bound: p.integer(0) for bound in _BOUNDS})(value, name)
    return p.integer(0)(value, name)


PAGE: dict[str, p.Check] = {
    "limit": p.integer(1, 100),
    "starting_after": p.text(),
    "ending_before": p.text(),
    "created": created_check,
}


def page(store: Store, kind: str, url: str, params: Mapping[str, Any], conditions: list[Condition]) -> Body:
    """One page of the objects of a kind; `params` are checked against PAGE."""
    limit = params.get("limit", 10)
    backwards = "ending_before" in params
    where = [*conditions, *_created(params.get("created")), *_cursor(store, kind, params)]
    found = store.listed(kind, where, limit=limit + 1, ascending=backwards)
    shown = found[:limit]
    return {
        "object": "list",
        "data": shown[::-1] if backwards else shown,
        "has_more": len(found) > limit,
        "url": url,
    }


def equal(params: Mapping[str, Any], *names: str) -> list[Condition]:
    """Conditions for the filters that were given."""
    return [(field_is(name), params[name]) for name in names if name in params]


def _created(wanted: Any) -> list[Condition]:
    if wanted is None:
        return []
    if isinstance(wanted, int):
        return [("created = ?", wanted)]
    return [(f"created {_BOUNDS[bound]} ?", moment) for bound, moment in wanted.items()]


def _cursor(store: Store, kind: str, params: Mapping[str, Any]) -> list[Condition]:
    conditions: list[Condition] = []
    for name, comparison in (("starting_after", "<"), ("ending_before", ">")):
        if name in params:
            if store.find(params[name], kind) is None:
                raise missing(kind, params[name], param=name, status=400)
            conditions.append((f"seq {comparison} (select seq from objects where id = ?)", params[name]))
    return conditions
