"""Placing orders: in Postgres, through the Data API, over HTTP; spread over events, and on one hot event."""

from __future__ import annotations

import sys

from bench import pgbench
from bench.load import steady
from bench.results import Result
from bench.scenarios.peers import PRETIX
from bench.scenarios.reading import SHARE, both
from bench.site import Site
from bench.visits import Call, Order
from bench.world import SQL, id_of

TURNS, SECONDS = 4, 2
ARGUMENTS = (
    '{"event_id": "<event>", "lines": [{"ticket_type_id": "<seat>", "quantity": 1, "attendees": []}],'
    ' "buyer": {"name": "Buyer", "email": "<buyer>"}, "locale": "en"}'
)


def in_postgres(site: Site) -> list[Result]:
    """place_order straight in Postgres, against the same rows and counters written with no checks."""
    try:
        pgbench.program()
    except pgbench.NoPgbench as error:
        print(f"Left out: {error}.", file=sys.stderr)
        return []
    hot = site.world.hot_event(seats=1_000_000)
    with site.database() as connection:
        for statement in (SQL / "bare_tables.sql").read_text().split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
    return [
        _against_bare(site, "place_order, spread events", 1, site.size["events"]),
        _against_bare(site, "place_order, one hot event", hot, hot),
    ]


def _against_bare(site: Site, name: str, first: int, last: int) -> Result:
    rates = {"bare": 0.0, "place_order": 0.0}
    for _ in range(TURNS):  # in turns, so that a busy moment of the machine meets both
        for script in rates:
            rates[script] += pgbench.rate(site, script, first=first, last=last, seconds=SECONDS) / TURNS
    return Result(name, rates["place_order"], "/s", "bare pgbench", rates["bare"], at_least=0.5)


def over_http(site: Site) -> list[Result]:
    """POST /api/v1/orders, against the Data API called directly for the same function."""
    hot = site.world.hot_event(1_000_000)
    spread = _over_http(site, "order by API, spread events", None)
    peer = Result("order by API", spread.value, "/s", "pretix", PRETIX["order"], at_least=20)
    return [spread, peer, _over_http(site, "order by API, one hot event", hot)]


def _over_http(site: Site, name: str, event: int | None) -> Result:
    events = site.size["events"]
    order = Order(site.run, events, event)
    place = Call("place_order", _on(event, ARGUMENTS), site.key, events, site.run, site.address_key)
    busy, direct, cost = both(site, order, place, seconds=5, first=lambda: site.buyers(10_000))
    delays = steady(site.web, order, rate=busy.rate * SHARE, seconds=4, first=site.buyers(10_000))
    other = {**direct.others(), **busy.others()}
    detail = {"at_60_percent": delays.latency(), "other": other, "cpu_ms": cost}
    return Result(name, busy.rate, "/s", "Data API", direct.rate, at_least=0.5, detail=detail)


def _on(event: int | None, arguments: str) -> str:
    if event is None:
        return arguments
    return arguments.replace("<event>", id_of("event", event)).replace("<seat>", id_of("seat", event))
