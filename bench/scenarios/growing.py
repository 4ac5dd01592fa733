"""A thousand times as much in the tables: what people look at must not take longer."""

from __future__ import annotations

from statistics import median
from typing import Any

from bench.load import full
from bench.plans import plans
from bench.queries import PERSON
from bench.results import Result
from bench.site import Site
from bench.visits import Read

SMALL = {"events": 100, "orders": 1_000}
LARGE = {"events": 100_000, "orders": 1_000_000}
PLACES = "event page", "order list", "event list"


def growth(_: Site | None = None) -> list[Result]:
    """The same reads, one visitor at a time, with 100 events and 100,000, 1,000 orders and 1,000,000."""
    with Site(**SMALL, durable=False) as site:
        few = _times(site)
        site.world.grow(**LARGE)
        many = _times(site)
        found = plans(site, "frequent queries among many: read end to end")
    return [
        Result(
            f"{place} among many",
            many[place]["ms"],
            "ms",
            "among few",
            few[place]["ms"],
            at_most=1.2,
            detail={"buffers": many[place]["buffers"], "buffers_among_few": few[place]["buffers"]},
        )
        for place in PLACES
    ] + [found]


def _times(site: Site) -> dict[str, dict[str, Any]]:
    """Of each read the median in milliseconds, and the pages of tables that Postgres touched for it."""
    reads = {
        "event page": (Read("/events/{slug}", 100, anew=True), "read_event"),
        "order list": (Read("/api/v1/orders", token=site.token(PERSON)), "list_orders"),
        "event list": (Read("/api/v1/events"), "list_events"),
    }
    found = {}
    for place, (visit, function) in reads.items():
        full(site.web, visit, connections=1, seconds=1)
        took = full(site.web, visit, connections=1, seconds=4, first=1_000).visits
        assert {status for status, _ in took} == {200}, place
        found[place] = {"ms": median(ms for _, ms in took), "buffers": _buffers(site, function)}
    return found


def _buffers(site: Site, function: str) -> int:
    """Pages per call of a function, as pg_stat_statements has counted them."""
    with site.database("supabase_admin") as connection:
        row = connection.execute(
            """select sum(shared_blks_hit + shared_blks_read) / sum(calls) from extensions.pg_stat_statements
            where query like %s and calls > 50""",
            [f"%public.{function}(%"],
        ).fetchone()
        connection.execute("select extensions.pg_stat_statements_reset()")
    return round(row[0]) if row and row[0] else 0
