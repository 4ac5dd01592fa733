"""Events."""

from __future__ import annotations

import json
from typing import Any

from .. import parameters as p
from ..errors import invalid, missing
from ..pagination import PAGE, Condition, page
from ..storage import Body
from .endpoint import Endpoints, Params, store

endpoints = Endpoints()

_LIST: dict[str, p.Check] = PAGE | {
    "type": p.text(100),
    "types": p.list_of(p.text(100), 20),
    "delivery_success": p.boolean,
}

# A type may end in a wildcard, as in charge.*, which GLOB understands as Stripe does.
_TYPE_MATCHES = "exists (select 1 from json_each(?) where json_extract(body, '$.type') glob value)"


@endpoints.get("/events/<identifier>")
def retrieve(params: Params, identifier: str) -> Body:
    p.checked({}, params)
    found = store().find(identifier, "event")
    if found is None:
        raise missing("event", identifier)
    return found


@endpoints.get("/events")
def index(params: Params) -> Body:
    asked = p.checked(_LIST, params)
    if "type" in asked and "types" in asked:
        raise invalid("You may only specify one of these parameters: type, types.", "types")
    return page(store(), "event", "/v1/events", asked, _conditions(asked))


def _conditions(asked: dict[str, Any]) -> list[Condition]:
    conditions: list[Condition] = []
    types = asked.get("types") or [asked[name] for name in ("type",) if name in asked]
    if types:
        conditions.append((_TYPE_MATCHES, json.dumps(types)))
    if "delivery_success" in asked:
        comparison = "=" if asked["delivery_success"] else ">"
        conditions.append((f"json_extract(body, '$.pending_webhooks') {comparison} ?", 0))
    return conditions
