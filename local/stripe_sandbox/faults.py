"""Bad luck on demand: rules that spoil the next API calls, or the way of the next webhooks."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from .errors import StripeError
from .storage import Body, Store

API_EFFECTS = ("server_error", "rate_limit", "timeout", "slow")
WEBHOOK_EFFECTS = ("hold", "drop", "duplicate", "delay")

Target = Literal["api", "webhooks"]


class ConnectionCut(Exception):
    """The client gets no answer at all."""


@dataclass(frozen=True)
class ApiFault:
    """Spoils calls whose method and path match (`*` matches anything).

    `moment`: before or after the call did its work. `seconds`: how long `slow` and `timeout` take.
    `remembered`: a server error before the work is kept under the idempotency key, as Stripe keeps its own.
    """

    effect: str
    method: str = "*"
    path: str = "*"
    moment: str = "before"
    seconds: float = 0
    remembered: bool = False

    def matches(self, method: str, path: str) -> bool:
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    def strike(self) -> None:
        """Do what the effect says; raises StripeError or ConnectionCut."""
        time.sleep(self.seconds)
        if self.effect == "server_error":
            raise StripeError(
                "An unknown error occurred.", status=500, type="api_error", started=self.remembered
            )
        if self.effect == "rate_limit":
            raise StripeError("Request rate limit exceeded.", status=429, code="rate_limit")
        if self.effect == "timeout":
            raise ConnectionCut


@dataclass(frozen=True)
class WebhookRule:
    """What happens to events of these types (`*` matches anything)."""

    effect: str
    types: list[str] = field(default_factory=lambda: ["*"])
    copies: int = 1
    seconds: float = 0

    def matches(self, kind: str) -> bool:
        return any(fnmatchcase(kind, pattern) for pattern in self.types)


def add_api_fault(store: Store, fault: ApiFault, times: int | None) -> None:
    """Spoil the next so many matching calls; None means until the faults are cleared."""
    if fault.effect not in API_EFFECTS or fault.moment not in ("before", "after"):
        raise ValueError(f"effect is one of {', '.join(API_EFFECTS)}; moment is before or after")
    _add(store, "api", asdict(fault), times)


def add_webhook_rule(store: Store, rule: WebhookRule, times: int | None) -> None:
    """Apply to the next so many matching events; None means until the rules are cleared."""
    if rule.effect not in WEBHOOK_EFFECTS:
        raise ValueError(f"effect is one of {', '.join(WEBHOOK_EFFECTS)}")
    _add(store, "webhooks", asdict(rule), times)


def clear(store: Store, target: Target) -> None:
    with store.transaction():
        store.query("delete from faults where target = ?", target)


def listed(store: Store) -> list[Body]:
    """All rules in force, with how often they will still apply."""
    rows = store.query("select target, remaining, rule from faults order by id")
    return [{"target": row["target"], "times": row["remaining"], **json.loads(row["rule"])} for row in rows]


def take_for_call(store: Store, method: str, path: str) -> ApiFault | None:
    """The fault that spoils this call, if any; it counts as used."""
    for number, rule in _rules(store, "api"):
        fault = ApiFault(**rule)
        if fault.matches(method, path) and _use(store, number):
            return fault
    return None


def take_for_event(store: Store, kind: str) -> WebhookRule | None:
    """The rule for an event of that type, if any; it counts as used."""
    for number, rule in _rules(store, "webhooks"):
        webhook_rule = WebhookRule(**rule)
        if webhook_rule.matches(kind) and _use(store, number):
            return webhook_rule
    return None


def _add(store: Store, target: Target, rule: Body, times: int | None) -> None:
    with store.transaction():
        store.query(
            "insert into faults (target, remaining, rule) values (?, ?, ?)", target, times, json.dumps(rule)
        )


def _rules(store: Store, target: Target) -> list[tuple[int, dict[str, Any]]]:
    rows = store.query("select id, rule from faults where target = ? order by id", target)
    return [(row["id"], json.loads(row["rule"])) for row in rows]


def _use(store: Store, number: int) -> bool:
    with store.transaction():
        used = store.query(
            "update faults set remaining = remaining - 1 "
            "where id = ? and (remaining is null or remaining > 0) returning id",
            number,
        )
        store.query("delete from faults where remaining = 0")
        return bool(used)
