"""A thousand times as much in the tables: what people look at must not take longer."""

from __future__ import annotations

from collections.abc import Callable

from bench.load import alternately
from bench.plans import plans
from bench.queries import PERSON
from bench.results import Result
from bench.site import Site
from bench.visits import Read

SMALL = {"events": 100, "orders": 1_000}
LARGE = {"events": 100_000, "orders": 1_000_000}
READS: dict[str, tuple[Callable[[Site], Read], str]] = {
    "event page": (lambda _: Read("/events/{slug}", 100, anew=True), "read_event"),
    "order list": (lambda site: Read("/api/v1/orders", token=site.token(PERSON)), "list_orders"),
    "event list": (lambda _: Read("/api/v1/events"), "list_events"),
}


def growth(_: Site | None = None) -> list[Result]:
    """The same reads, one visitor at a time, with 100 events and 100,000, 1,000 orders and 1,000,000.

    Both stand beside each other and are read by turns, so that a slow moment of the machine meets both.
    """
    with Site(**SMALL, durable=False) as few, Site(**SMALL, durable=False) as many:
        many.world.grow(**LARGE)
        results = [_compared(place, few, many) for place in READS]
        return [*results, plans(many, "frequent queries among many: read end to end")]


def _compared(place: str, few: Site, many: Site) -> Result:
    visit, function = READS[place]
    sides = [(site.web, visit(site)) for site in (few, many)]
    alternately(sides, seconds=2)
    among_few, among_many = alternately(sides, seconds=6)
    assert {*among_few.statuses, *among_many.statuses} == {200}, place
    detail = {"buffers": _buffers(many, function), "buffers_among_few": _buffers(few, function)}
    return Result(
        f"{place} among many",
        among_many.percentile(50),
        "ms",
        "among few",
        among_few.percentile(50),
        at_most=1.2,
        detail=detail,
    )


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
