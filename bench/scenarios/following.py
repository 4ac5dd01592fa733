"""A large team at its pages: an event in numbers, and its orders."""

from __future__ import annotations

from bench.load import full
from bench.queries import PERSON
from bench.results import Result
from bench.site import Site
from bench.visits import Read

EVENTS, ORDERS = 5, 100_000
PROMISE = 200  # milliseconds


def dashboard(_: Site | None = None) -> list[Result]:
    """Five events of one team with 20,000 orders each, one reader at a time: the slowest of twenty."""
    with Site(events=0, orders=0, durable=False) as site:
        team = site.world.crowd_team(events=EVENTS, orders=ORDERS, owner=PERSON)
        cookie = site.cookie(PERSON)
        pages = {
            "dashboard of 20,000 orders": f"/manage/{team}/events/{{event}}",
            "list of 100,000 orders": f"/manage/{team}/orders",
            "list of 100,000 orders, largest first": f"/manage/{team}/orders?sort=largest",
            "search of 100,000 orders": f"/manage/{team}/orders?q=person+4321",
            "search of 150,000 people": f"/manage/{team}/attendees?q=person+4321",
            "list of 30,000 attendees": f"/manage/{team}/events/{{event}}/attendees",
        }
        return [_timed(site, name, Read(path, EVENTS, cookie=cookie)) for name, path in pages.items()]


def _timed(site: Site, name: str, page: Read) -> Result:
    full(site.web, page, connections=1, seconds=1)
    took = full(site.web, page, connections=1, seconds=4, first=1_000)
    assert set(took.statuses) == {200}, (name, took.statuses)
    return Result(name, took.percentile(95), "ms", at_most=PROMISE, detail=took.latency())
