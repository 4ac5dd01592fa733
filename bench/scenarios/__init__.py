"""All scenarios by name, in the order in which a whole run goes through them."""

from __future__ import annotations

from collections.abc import Callable

from bench.results import Result
from bench.scenarios import accounts, following, growing, ordering, paying, reading, rush, starting
from bench.site import Site

Scenario = Callable[[Site], list[Result]]

SCENARIOS: dict[str, Scenario] = {
    "start": starting.cold_start,
    "memory": starting.memory,
    "page": reading.event_page,
    "popular": reading.event_page_cached,
    "list": reading.event_list,
    "quote": reading.quote,
    "postgres": ordering.in_postgres,
    "order": ordering.over_http,
    "checkout": paying.checkouts,
    "webhook": paying.webhooks,
    "purchase": paying.purchase,
    "mail": paying.mailed,
    "signin": accounts.sign_in,
    "rush": rush.rush,
    "oddrush": rush.odd_rush,
    "dashboard": following.dashboard,
    "growth": growing.growth,
}
