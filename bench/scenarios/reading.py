"""Pages and API reads by visitors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from bench import wrk
from bench.load import Loaded, Visit, full, steady
from bench.processor import costing
from bench.results import Result
from bench.scenarios.peers import PRETIX
from bench.site import Site
from bench.visits import Call, Read

CONNECTIONS = 16
ON_SHOW = 40  # events whose pages people look at
TURNS = 3
SHARE = 0.6  # of the full rate, at which delays are told


def event_page(site: Site) -> list[Result]:
    """The event page, read past the short public cache: every answer asks the database."""
    page = Read("/events/{slug}", ON_SHOW, anew=True)
    read_event = Call("read_event", '{"slug": "<slug>"}', site.key, ON_SHOW)
    busy, direct, cost = both(site, page, read_event)
    delays = steady(site.web, page, rate=busy.rate * SHARE, seconds=4)
    detail = {"at_60_percent": delays.latency(), "other": busy.others(), "cpu_ms": cost}
    return [
        Result("event page", busy.rate, "/s", "pretix", PRETIX["event page"], at_least=10, detail=detail),
        Result("event page", busy.rate, "/s", "Data API", direct.rate),
    ]


def event_page_cached(site: Site) -> list[Result]:
    """One popular event page, read by many visitors within the second or two that it is kept."""
    wrk.read(site.web, "/events/event-1", connections=32, seconds=1)
    busy = wrk.read(site.web, "/events/event-1", connections=32, seconds=5)
    rate = busy.pop("rate")
    return [
        Result("event page, popular", rate, "/s", "pretix", PRETIX["event page"], at_least=40, detail=busy)
    ]


def event_list(site: Site) -> list[Result]:
    """The API's list, whole, by language and city, and by a word."""
    results = []
    for name, query, arguments in (
        ("event list", "", "{}"),
        (
            "event list by language and city",
            "?language=fr&city=Brussels",
            '{"language": "fr", "city": "Brussels"}',
        ),
        ("event list by word", "?q=letterpress", '{"q": "letterpress"}'),
    ):
        busy, direct, cost = both(
            site, Read(f"/api/v1/events{query}"), Call("list_events", arguments, site.key)
        )
        detail = {"latency": busy.latency(), "other": busy.others(), "cpu_ms": cost}
        results.append(Result(name, busy.rate, "/s", "Data API", direct.rate, detail=detail))
    return results


def quote(site: Site) -> list[Result]:
    page = Read("/api/v1/events/{event}/quote?ticket_type={seat}&quantity=2", site.world.events)
    lines = '{"event_id": "<event>", "lines": [{"ticket_type_id": "<seat>", "quantity": 2}]}'
    busy, direct, cost = both(site, page, Call("quote", lines, site.key, site.world.events))
    detail = {"latency": busy.latency(), "other": busy.others(), "cpu_ms": cost}
    return [Result("quote", busy.rate, "/s", "Data API", direct.rate, detail=detail)]


def both(
    site: Site, ours: Visit, theirs: Visit, *, seconds: float = 4, first: Callable[[], int] = lambda: 1000
) -> tuple[Loaded, Loaded, dict[str, float]]:
    """The same through the app and straight from the Data API, each warm; and what each part spent on ours.

    In turns, so that a slow moment of the machine meets both. `first` numbers the visitors of each run.
    """

    def load(port: int, visit: Visit, seconds: float) -> Loaded:
        return full(port, visit, connections=CONNECTIONS, seconds=seconds, first=first())

    for port, visit in ((site.supabase, theirs), (site.web, ours)):
        load(port, visit, 1)
    direct, busy, cost = Loaded(), Loaded(), Counter[str]()
    for _ in range(TURNS):
        direct += load(site.supabase, theirs, seconds / TURNS)
        turn, spent = costing(site, lambda: load(site.web, ours, seconds / TURNS))
        busy += turn
        cost.update({name: each / TURNS for name, each in spent.items()})
    return busy, direct, {name: round(each, 2) for name, each in cost.items()}
