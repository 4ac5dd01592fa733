"""`expand[]`: ids in an answer become the objects they name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .errors import StripeError
from .storage import Body, Store

_DEEPEST = 4
_REFERENCES = (
    "balance_transaction",
    "charge",
    "customer",
    "failure_balance_transaction",
    "latest_charge",
    "payment_intent",
)


def expanded(store: Store, body: Body, paths: Any) -> Body:
    """The answer with each path filled in: `payment_intent.latest_charge`, or `data.customer` in a list."""
    for path in _strings(paths):
        keys = path.split(".")
        if len(keys) > _DEEPEST + (keys[0] == "data"):
            raise StripeError(f"You cannot expand more than {_DEEPEST} levels of a property ({path}).")
        _expand(store, body, keys, path)
    return body


def _strings(paths: Any) -> Iterable[str]:
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise StripeError("Invalid array", param="expand")
    return paths


def _expand(store: Store, body: Body, keys: list[str], path: str) -> None:
    key, *deeper = keys
    if key == "data" and body["object"] == "list":
        for entry in body["data"]:
            _expand(store, entry, deeper, path)
        return
    if not isinstance(body.get(key), dict):
        body[key] = _fetched(store, body, key, path)
    if deeper and isinstance(body[key], dict):
        _expand(store, body[key], deeper, path)


def _fetched(store: Store, body: Body, key: str, path: str) -> Body | None:
    if (body["object"], key) == ("checkout.session", "line_items"):
        return _listed(
            store.private(body["id"])["line_items"], f"/v1/checkout/sessions/{body['id']}/line_items"
        )
    if (body["object"], key) == ("charge", "refunds"):
        return _listed(store.related("refund", charge=body["id"]), f"/v1/charges/{body['id']}/refunds")
    if key not in _REFERENCES or key not in body:
        raise StripeError(f"This property cannot be expanded ({path}).")
    return store.find(body[key]) if body[key] else None


def _listed(entries: list[Body], url: str) -> Body:
    return {"object": "list", "data": entries[:10], "has_more": len(entries) > 10, "url": url}
