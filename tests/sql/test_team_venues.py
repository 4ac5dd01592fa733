"""Venues that a team looks after: made, changed, opened to a partner; who may, and what is refused."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import place_as_guest

FACTS: dict[str, Any] = {
    "name": "Le Phare", "address": "Quai 40", "postal_code": "1080", "city": "Brussels", "country": "BE",
    "latitude": 50.857, "longitude": 4.345, "timezone": "Europe/Brussels", "capacity": 40,
}  # fmt: skip
EVENING = [{"weekday": 5, "opens": "18:00", "closes": "02:00"}]
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def manager(database: Database, omar: Person, team: uuid.UUID) -> Database:
    return database.person(omar)


@pytest.fixture
def hall(manager: Database, slug: str) -> dict[str, Any]:
    made: dict[str, Any] = manager.call("create_venue", organizer=slug, venue=FACTS)
    return made


def test_a_team_makes_and_changes_a_venue(manager: Database, slug: str, hall: dict[str, Any]) -> None:
    assert {name: hall[name] for name in FACTS} == FACTS
    assert (hall["hours"], hall["events_to_come"], hall["key"], hall["reputation"]) == ([], 0, None, None)
    changed = manager.call(
        "update_venue",
        venue=hall["slug"],
        revision=1,
        changes={"name": " Le  Grand Phare ", "hours": EVENING, "slug": "mine"},
    )
    assert (changed["name"], changed["hours"], changed["slug"]) == ("Le Grand Phare", EVENING, hall["slug"])
    assert manager.call("read_venue", slug=hall["id"])["hours"] == EVENING
    with_comma = {
        "latitude": "50,85",
        "longitude": "4.35",
        "hours": [*EVENING, {"weekday": 1, "opens": "", "closes": ""}],
    }
    typed = manager.call("update_venue", venue=hall["id"], revision=2, changes=with_comma)
    assert (typed["latitude"], typed["longitude"], typed["hours"]) == (50.85, 4.35, EVENING)
    again = manager.call(
        "update_venue",
        venue=hall["id"],
        revision=3,
        changes={"latitude": None, "longitude": None, "hours": []},
    )
    assert (again["latitude"], again["longitude"], again["hours"]) == (None, None, [])
    listed = manager.call("list_team_venues", organizer=slug)
    assert [venue["name"] for venue in listed["venues"]] == ["Le Grand Phare"]
    assert listed["workspace"]["role"] == "owner"


def test_everything_that_is_wrong_is_said_at_once(manager: Database, slug: str) -> None:
    with manager.refuses("invalid_input", 422) as refusal:
        manager.call(
            "create_venue",
            organizer=slug,
            venue={"country": "Belgium", "hours": [{"weekday": 3, "opens": "25:00"}]},
        )
    assert {fault["field"]: fault["code"] for fault in refusal.detail["errors"]} == {
        "name": "venue_name_invalid",
        "address": "address_invalid",
        "city": "city_invalid",
        "country": "country_invalid",
        "timezone": "timezone_unknown",
        "capacity": "capacity_invalid",
        "hours.3": "hours_invalid",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "Belgium"}, "country"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": None}, "name"),
        ({"postal_code": "1" * 17}, "postal_code"),
        ({"timezone": "Brussels/Europe5"}, "timezone"),
        ({"timezone": "EET-2"}, "timezone"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 1_000_001}, "capacity"),
        ({"capacity": 12.5}, "capacity"),
        ({"capacity": "many"}, "capacity"),
        ({"latitude": 91}, "latitude"),
        ({"longitude": -181}, "longitude"),
        ({"latitude": None}, "latitude"),
        ({"latitude": "north"}, "latitude"),
        ({"longitude": ""}, "longitude"),
        ({"hours": "always"}, "hours"),
        ({"hours": EVENING + EVENING}, "hours.5"),
        ({"hours": [{"weekday": 8, "opens": "09:00", "closes": "10:00"}]}, "hours"),
        ({"hours": [{"weekday": 1, "opens": "9:00", "closes": "10:00"}]}, "hours.1"),
    ],
)
def test_a_wrong_field_changes_nothing(
    manager: Database, hall: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    with manager.refuses("invalid_input", 422) as refusal:
        manager.call("update_venue", venue=hall["id"], revision=1, changes=change)
    assert [fault["field"] for fault in refusal.detail["errors"]] == [field]


def test_two_editors_do_not_overwrite_each_other(manager: Database, hall: dict[str, Any]) -> None:
    manager.call("update_venue", venue=hall["id"], revision=1, changes={"name": "First", "hours": EVENING})
    with manager.refuses("edited_meanwhile", 409) as refusal:
        manager.call("update_venue", venue=hall["id"], revision=1, changes={"name": "Second"})
    assert (refusal.detail["revision"], refusal.detail["by"]) == (2, "Omar")
    assert refusal.detail["changes"]["name"] == {"before": "Le Phare", "now": "First"}
    assert refusal.detail["changes"]["hours"]["now"] == EVENING


def test_a_venue_shrinks_to_what_is_reserved(
    database: Database, manager: Database, hall: dict[str, Any]
) -> None:
    show = events.event(database, venue_id=hall["id"], capacity=None)
    place_as_guest(database, show, events.ticket_type(database, show), 3)
    with manager.refuses("invalid_input", 422) as refusal:
        manager.call("update_venue", venue=hall["id"], revision=1, changes={"capacity": 2, "name": ""})
    told, small = sorted(refusal.detail["errors"], key=lambda fault: str(fault["field"]), reverse=True)
    assert (told["code"], small["code"], small["reserved"]) == (
        "venue_name_invalid",
        "capacity_below_reserved",
        3,
    )
    database.move_clock(timedelta(minutes=15))  # the hold lapses and is in nobody's way
    assert (
        manager.call("update_venue", venue=hall["id"], revision=1, changes={"capacity": 2})["capacity"] == 2
    )


def test_only_the_team_that_looks_after_it(
    database: Database, dora: Person, zoe: Person, slug: str, hall: dict[str, Any]
) -> None:
    """A role without the right is told so; to others the venue is as good as none."""
    events.organizer(database, owner=zoe)
    deeds: dict[str, dict[str, Any]] = {
        "create_venue": {"organizer": slug, "venue": FACTS},
        "update_venue": {"venue": hall["id"], "revision": 1, "changes": {}},
        "make_venue_key": {"venue": hall["id"]},
        "end_venue_key": {"venue": hall["id"]},
    }
    for function, arguments in deeds.items():
        with database.refuses("not_permitted", 403):
            database.person(dora).call(function, **arguments)
        for stranger in (database.person(zoe), database.visitor()):
            with database.refuses("not_found", 404):
                stranger.call(function, **arguments)
    looks: dict[str, dict[str, Any]] = {
        "list_team_venues": {"organizer": slug},
        "read_team_venue": {"organizer": slug, "venue": hall["slug"]},
        "list_venue_events": {"venue": hall["slug"]},
    }
    for function, arguments in looks.items():
        database.person(dora).call(function, **arguments)
        with database.refuses("not_found", 404):
            database.person(zoe).call(function, **arguments)


def test_a_venue_is_read_in_its_own_team_alone(
    database: Database, manager: Database, omar: Person, hall: dict[str, Any]
) -> None:
    other = events.organizer(database, "Atelier", owner=omar)
    slug = database.value("select slug from public.organizers where id = %s", [other])
    with manager.refuses("not_found", 404):
        manager.call("read_team_venue", organizer=slug, venue=hall["slug"])


def test_a_partner_watches_their_place_with_a_key_made_once(
    database: Database, manager: Database, slug: str, hall: dict[str, Any]
) -> None:
    show = events.event(database, venue_id=hall["id"])
    events.event(database, venue_id=hall["id"], status="draft")
    events.event(database, venue_id=events.venue(database))
    made = manager.call("make_venue_key", venue=hall["slug"])
    partner = database.visitor(x_api_key=made["key"])
    found = partner.call("list_venue_events", venue=hall["slug"])
    assert [(each["id"], each["expected"]) for each in found["events"]] == [(str(show.id), 0)]
    assert made["key"].startswith(made["venue"]["key"]["prefix"])
    assert manager.call("read_team_venue", organizer=slug, venue=hall["slug"])["venue"]["key"]["last_used_at"]
    with partner.refuses("not_found", 404):
        partner.call("list_venue_events", venue=str(events.venue(database)))
    again = manager.call("make_venue_key", venue=hall["slug"])
    with partner.refuses("api_key_unknown", 401):
        partner.call("list_venue_events", venue=hall["slug"])
    manager.call("end_venue_key", venue=hall["slug"])
    with partner.refuses("api_key_unknown", 401):
        database.visitor(x_api_key=again["key"]).call("list_venue_events", venue=hall["slug"])
    with manager.refuses("not_found", 404):
        manager.call("end_venue_key", venue=hall["slug"])


def test_a_venues_key_opens_nothing_else_and_stands_in_nobodys_way(
    database: Database, manager: Database, slug: str, hall: dict[str, Any]
) -> None:
    key = manager.call("make_venue_key", venue=hall["slug"])["key"]
    partner = database.visitor(x_api_key=key)
    assert partner.call("list_events")["events"] == []
    with partner.refuses("not_found", 404):
        partner.call("list_team_venues", organizer=slug)
    with partner.refuses("not_found", 404):
        partner.call("update_venue", venue=hall["id"], revision=1, changes={})


@pytest.mark.parametrize(
    ("begins", "hours", "outside"),
    [
        ("2027-01-01T18:00", 2, False),  # a Friday
        ("2027-01-01T17:59", 2, True),
        ("2027-01-01T23:00", 3, False),  # till two in the morning, to the minute
        ("2027-01-01T23:00", 3.1, True),
        ("2027-01-02T00:30", 1, False),  # Saturday by the calendar, still Friday's opening
        ("2027-01-02T18:00", 1, True),
    ],
)
def test_events_outside_opening_hours_are_told_not_refused(
    database: Database, manager: Database, hall: dict[str, Any], begins: str, hours: float, outside: bool
) -> None:
    start = datetime.fromisoformat(begins).replace(tzinfo=BRUSSELS)
    events.event(database, venue_id=hall["id"], starts_at=start, ends_at=start + timedelta(hours=hours))
    watch = {"venue": hall["slug"]}
    assert (
        manager.call("list_venue_events", **watch)["events"][0]["outside_hours"] is False
    )  # nobody has said
    manager.call("update_venue", venue=hall["id"], revision=1, changes={"hours": EVENING})
    assert manager.call("list_venue_events", **watch)["events"][0]["outside_hours"] is outside


def test_events_at_a_place_are_paged(database: Database, manager: Database, hall: dict[str, Any]) -> None:
    shows = [
        events.event(database, venue_id=hall["id"], capacity=1, starts_in=timedelta(days=day))
        for day in (3, 1, 2)
    ]
    first = manager.call("list_venue_events", venue=hall["id"], page_size=2)
    then = manager.call("list_venue_events", venue=hall["id"], page_size=2, cursor=first["next"])
    found = [each["id"] for page in (first, then) for each in page["events"]]
    assert found == [str(shows[number].id) for number in (1, 2, 0)]
    assert then["next"] is None


def test_neighbours_are_the_nearest_others(
    database: Database, manager: Database, slug: str, hall: dict[str, Any]
) -> None:
    events.venue(database, name="Near", latitude=50.858, longitude=4.346)
    events.venue(database, name="Far", latitude=50.90, longitude=4.345)
    events.venue(database, name="Elsewhere", latitude=48.85, longitude=2.35)
    page = manager.call("read_team_venue", organizer=slug, venue=hall["slug"])
    assert [(each["name"], each["distance_km"]) for each in page["neighbours"]] == [
        ("Near", 0.1),
        ("Far", 4.8),
    ]


def test_changes_reach_the_trail(database: Database, manager: Database, hall: dict[str, Any]) -> None:
    manager.call("update_venue", venue=hall["id"], revision=1, changes={"capacity": 41})
    manager.call("make_venue_key", venue=hall["id"])
    manager.call("end_venue_key", venue=hall["id"])
    trail = database.rows(
        "select action, detail -> 'changed' from public.audit_entries where subject_id = %s order by id",
        [hall["id"]],
    )
    assert trail == [
        ("venue.created", None),
        ("venue.edited", {"capacity": {"from": 40, "to": 41}}),
        ("venue.key_made", None),
        ("venue.key_ended", None),
    ]


def test_a_venues_clocks_are_known_also_from_the_dashboard(database: Database, hall: dict[str, Any]) -> None:
    for unknown in ("Mars/Olympus", "EET-2", "europe/brussels"):
        with database.refuses("timezone_unknown", 422):
            events.edit(database, "venues", hall["id"], timezone=unknown)
