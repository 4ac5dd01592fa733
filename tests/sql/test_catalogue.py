"""Finding events, page by page, and pages that hear of every change."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, guest, holding, paid, place, place_as_guest


@pytest.fixture
def team(database: Database) -> str:
    """The slug of a team of its own, so that other tests' events do not mix in."""
    id = events.organizer(database, "Les Bavards")
    slug: str = database.value("select slug from public.organizers where id = %s", [id])
    return slug


def of_team(db: Database, slug: str, **columns: Any) -> events.Event:
    id = db.value("select id from public.organizers where slug = %s", [slug])
    return events.event(db, organizer_id=id, **columns)


def titles(db: Database, **filters: Any) -> list[str]:
    return [event["title"] for event in db.visitor().call("list_events", **filters)["events"]]


def test_the_list_shows_what_is_to_come_soonest_first(database: Database, team: str) -> None:
    for days, title in ((3, "Third"), (1, "First"), (2, "Second"), (-1, "Past")):
        of_team(database, team, starts_in=timedelta(days=days), title=title)
    of_team(database, team, status="draft", title="Draft")
    gone = of_team(database, team, title="Cancelled")
    events.edit(database, "events", gone.id, status="cancelled")
    assert titles(database, organizer=team) == ["First", "Second", "Third"]


def test_pages_follow_one_another_without_gap_or_double(database: Database, team: str) -> None:
    for number in range(7):
        of_team(database, team, title=f"Event {number}", starts_in=timedelta(days=1 + number // 3))
    seen, cursor = [], None
    while True:
        page = database.visitor().call("list_events", organizer=team, page_size=3, cursor=cursor)
        seen += [event["id"] for event in page["events"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "GC2026", "é", "MTIz", "'; drop table events"])
def test_a_cursor_of_ones_own_making_is_refused(database: Database, ana: Person, cursor: str) -> None:
    for caller, function in (
        (database.visitor(), "list_events"),
        (database.visitor(), "list_venues"),
        (database.person(ana), "list_orders"),
    ):
        with database.refuses("cursor_invalid", 422):
            caller.call(function, cursor=cursor)


@pytest.mark.parametrize(("asked", "given"), [(None, 25), (0, 1), (-5, 1), (1, 1), (1000, 30)])
def test_a_page_has_one_to_a_hundred_rows(database: Database, team: str, asked: Any, given: int) -> None:
    for _ in range(30):
        of_team(database, team)
    assert len(titles(database, organizer=team, page_size=asked)) == given


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("crepes", True),
        ("CRÊPES", True),
        ("crêpes marée", True),
        ("  crepes   maree ", True),
        ("bavards", True),
        ("gand", True),
        ("crepes pizza", False),
        ("100%", True),
        ("%", True),
        ("_", False),
        ("\\", True),
        ("c:\\temp", True),
        ("'; drop table events", False),
        ("", True),
        (None, True),
        ("é" * 1000, False),
    ],
)
def test_search_reads_words_without_accents_or_case(
    database: Database, team: str, q: Any, found: bool
) -> None:
    hall = events.venue(database, city="Gand")
    of_team(database, team, title="Crêpes à Marée basse", summary="100% breton, c:\\temp", venue_id=hall)
    assert (titles(database, organizer=team, q=q) == ["Crêpes à Marée basse"]) is found


def test_filters_narrow_the_list(database: Database, team: str) -> None:
    gent, lyon = (events.venue(database, city=city) for city in ("Gent", "Lyon"))
    early = of_team(database, team, venue_id=gent, language_code="nl", title="Early")
    of_team(database, team, venue_id=lyon, title="Late", starts_in=timedelta(days=9))
    of_team(database, team, title="Online", starts_in=timedelta(days=8))
    assert titles(database, organizer=team, city="Gent") == ["Early"]
    assert titles(database, organizer=team, language="nl") == ["Early"]
    assert titles(database, organizer=team, starts_from=early.starts_at) == ["Early", "Online", "Late"]
    assert titles(database, organizer=team, starts_to=early.starts_at) == ["Early"]
    assert titles(database, organizer="nobody") == []
    facets = database.visitor().call("list_events")
    assert {"Gent", "Lyon"} <= {each["city"] for each in facets["cities"]}
    assert {"nl", "fr"} <= {each["code"] for each in facets["languages"]}


def test_an_event_is_found_by_slug_and_by_id(database: Database) -> None:
    show = events.event(database)
    by_slug = database.visitor().call("read_event", slug=show.slug)
    assert by_slug == database.visitor().call("read_event", slug=str(show.id).upper())
    assert (by_slug["policy"]["hold_minutes"], by_slug["policy"]["max_failed_payments"]) == (15, 3)


@pytest.mark.parametrize("slug", ["no-such-event", "", "'", str(uuid.UUID(int=4)), "é", None])
def test_an_event_that_is_not_there_is_not_found(database: Database, slug: Any) -> None:
    with database.refuses("not_found", 404):
        database.visitor().call("read_event", slug=slug)


def test_a_slug_like_an_id_does_not_hide_the_event_of_that_id(database: Database) -> None:
    show = events.event(database)
    events.event(database, slug=str(show.id))
    assert database.visitor().call("read_event", slug=str(show.id))["slug"] == show.slug


def test_a_cancelled_event_is_still_read(database: Database) -> None:
    show = events.event(database)
    events.edit(database, "events", show.id, status="cancelled")
    assert database.visitor().call("read_event", slug=show.slug)["sale"] == "cancelled"


def test_ones_own_order_is_on_the_page(database: Database, ana: Person, zoe: Person) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    first = paid(database, place(database.person(ana), show, seat))
    assert mine(database, ana, show) == (first["reference"], "confirmed")
    second = place(database.person(ana), show, seat)
    assert mine(database, ana, show) == (second["reference"], "pending")
    database.move_clock(HOLD)
    assert mine(database, ana, show) == (first["reference"], "confirmed")
    assert mine(database, zoe, show) is None
    assert database.visitor().call("read_event", slug=show.slug)["my_order"] is None


def test_ones_own_request_is_on_the_page_until_it_lapses(database: Database, ana: Person) -> None:
    show = events.event(database, starts_in=timedelta(days=1))
    asking = events.ticket_type(database, show, requires_approval=True)
    [offer] = database.visitor().call("read_event", slug=show.slug)["ticket_types"]
    assert offer["requires_approval"] is True
    order = place(database.person(ana), show, asking)
    assert mine(database, ana, show) == (order["reference"], "awaiting_approval")
    database.move_clock(timedelta(days=1))
    assert mine(database, ana, show) is None


def mine(db: Database, person: Person, show: events.Event) -> tuple[str, str] | None:
    found = db.person(person).call("read_event", slug=show.slug)["my_order"]
    return found and (found["reference"], found["status"])


def test_what_an_order_will_cost_and_its_event_come_in_one_answer(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    lines = [{"ticket_type_id": str(seat), "quantity": 2}]
    answer = database.visitor().call("prepare_order", slug=show.slug, lines=lines)
    assert answer["event"] == database.visitor().call("read_event", slug=show.slug)
    assert answer["quote"] == database.visitor().call("quote", event_id=show.id, lines=lines)


def test_venues_are_listed_and_read(database: Database) -> None:
    city = f"Ville {uuid.uuid4().hex[:6]}"
    ids = {str(events.venue(database, city=city)) for _ in range(3)}
    page = database.visitor().call("list_venues", city=city, page_size=2)
    rest = database.visitor().call("list_venues", city=city, page_size=2, cursor=page["next"])
    assert {venue["id"] for venue in page["venues"] + rest["venues"]} == ids
    assert rest["next"] is None
    first = page["venues"][0]
    assert database.visitor().call("read_venue", slug=first["slug"]) == first
    assert database.visitor().call("read_venue", slug=first["id"].upper()) == first
    assert "organizer_id" not in first
    for nowhere in ("no-such-venue", str(uuid.uuid4()), None):
        with database.refuses("not_found", 404):
            database.visitor().call("read_venue", slug=nowhere)


def test_languages_have_their_names(database: Database) -> None:
    names = {each["code"]: each["names"] for each in database.visitor().call("list_languages")}
    assert (names["fr"]["en"], names["fr"]["fr"], names["nl"]["self"]) == ("French", "français", "Nederlands")


def test_what_is_coming_is_listed_before_what_is_over(database: Database, ana: Person) -> None:
    def ordered(days: int, pays: bool = True) -> Any:
        show = events.event(database, starts_in=timedelta(days=days))
        order = place(database.person(ana), show, events.ticket_type(database, show))
        return paid(database, order) if pays else order

    later, sooner, ended = (ordered(days) for days in (9, 5, 2))
    given_back = ordered(7, pays=False)
    database.person(ana).call("cancel_order", reference=given_back["reference"])
    called_off = ordered(8)
    events.edit(database, "events", called_off["event"]["id"], status="cancelled")
    database.move_clock(timedelta(days=3))
    held = ordered(12, pays=False)
    expected = [(held, False), (sooner, False), (later, False)]
    expected += [(called_off, True), (given_back, True), (ended, True)]
    found, cursor = [], None
    for _ in range(3):
        page = database.person(ana).call("list_orders", page_size=2, cursor=cursor)
        found += [(order["reference"], order["over"]) for order in page["orders"]]
        cursor = page["next"]
    assert cursor is None
    assert found == [(order["reference"], over) for order, over in expected]


def told(db: Database, show: events.Event) -> list[int]:
    """The seats left that pages of this event have been told, in order."""
    return [
        (payload if isinstance(payload, dict) else json.loads(payload))["left"]
        for (payload,) in db.rows(
            """select payload from realtime.messages
            where topic = %s and event = 'availability' order by inserted_at""",
            [f"event:{show.id}"],
        )
    ]


def test_pages_hear_the_first_change_at_once_and_the_last_by_the_next_sweep(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    for _ in range(4):
        place_as_guest(database, show, seat)
    assert told(database, show) == [9]
    database.service().call("expire_holds")
    assert sorted(told(database, show)) == [6, 9]
    database.service().call("expire_holds")
    assert len(told(database, show)) == 2


def test_a_buyers_open_pages_hear_of_their_order(database: Database, ana: Person) -> None:
    show = events.event(database)
    order = paid(database, place(database.person(ana), show, events.ticket_type(database, show)))
    heard = database.rows(
        "select payload, private from realtime.messages where topic = %s and event = 'order'",
        [f"user:{ana.id}"],
    )
    assert heard
    assert all(private for _, private in heard)
    assert ("confirmed", order["reference"]) in [
        (payload["status"], payload["reference"]) for payload, _ in heard
    ]


def test_the_parts_that_change_are_read_alone(database: Database) -> None:
    show = events.event(database)
    order = place(database.visitor(), show, events.ticket_type(database, show), buyer=guest())
    state = holding(database, order).call("read_order_state", reference=order["reference"])
    assert state.items() <= order.items()
    assert set(state) == {
        "reference",
        "status",
        "status_reason",
        "payment_status",
        "expires_at",
        "hold_left_seconds",
        "failed_payments",
        "payments_left",
    }


def test_an_event_tells_where_one_waits_in_line(database: Database, ana: Person, zoe: Person) -> None:
    show = events.event(database, capacity=1)
    seat = events.ticket_type(database, show)
    place_as_guest(database, show, seat)
    for person in (ana, zoe):
        database.person(person).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
    (place,) = database.person(zoe).call("read_event", slug=show.slug)["my_entries"]
    assert (place["ticket_type_id"], place["status"], place["position"]) == (str(seat), "waiting", 2)
    assert database.visitor().call("read_event", slug=show.slug)["my_entries"] == []
    database.person(zoe).call("leave_waitlist", entry_id=place["id"])
    assert database.person(zoe).call("read_event", slug=show.slug)["my_entries"] == []


def test_an_organizers_page_has_what_is_to_come_and_what_was(database: Database, team: str) -> None:
    with database.refuses("not_found", 404):
        database.visitor().call("read_public_organizer", slug=team)
    for day in (2, 1, -1, -2):
        of_team(database, team, starts_in=timedelta(days=day), title=f"Day {day}")
    of_team(database, team, starts_in=timedelta(days=-3), title="Draft", status="draft")
    page = database.visitor().call("read_public_organizer", slug=team)
    assert [event["title"] for event in page["events"]] == ["Day 1", "Day 2"]
    assert [event["title"] for event in page["past"]] == ["Day -1", "Day -2"]
    assert page["organizer"]["name"] == "Les Bavards"
