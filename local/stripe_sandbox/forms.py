"""Stripe's form encoding: `a[b][0][c]=1` means `{"a": {"b": [{"c": "1"}]}}`, `a[]=1` appends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .errors import invalid

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_KEY = re.compile(r"\[([^\[\]]*)\]")
_MAX_DEPTH = 8


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Nested dicts and lists of strings; raises StripeError for names that make no sense."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _plant(tree, _keys(name), value, name)
    return {key: _with_lists(branch) for key, branch in tree.items()}


def _keys(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    keys = [match[1], *_KEY.findall(match[2])] if match else []
    if not keys or len(keys) > _MAX_DEPTH:
        raise invalid(f"Invalid parameter name: {name}", name[:100])
    return keys


def _plant(tree: dict[str, Any], keys: list[str], value: str, name: str) -> None:
    *branches, leaf = keys
    for key in branches:
        tree = tree.setdefault(key or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise invalid(f"Invalid parameter name: {name} is both a value and an object", name)
    leaf = leaf or str(len(tree))
    if isinstance(tree.get(leaf), dict):
        raise invalid(f"Invalid parameter name: {name} is both a value and an object", name)
    tree[leaf] = value


def _with_lists(branch: Any) -> Any:
    """Objects whose keys are all numbers are lists."""
    if not isinstance(branch, dict):
        return branch
    grown = {key: _with_lists(value) for key, value in branch.items()}
    if grown and all(key.isascii() and key.isdigit() for key in grown):
        return [grown[key] for key in sorted(grown, key=int)]
    return grown
