"""A team makes, edits, publishes, withdraws and deletes its events."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, holding, place, place_as_guest

SEAT = {"name": "Seat", "price_cents": 2500}


@pytest.fixture
def keeper(database: Database, omar: Person) -> Database:
    return database.person(omar)


def facts(**changes: Any) -> dict[str, Any]:
    """An event that nothing is wrong with: online, in a year in which its clocks are known."""
    next_year = datetime.now().year + 1
    return {
        "title": "Setting type by hand",
        "starts_at": f"{next_year}-06-12T19:00",
        "timezone": "Europe/Brussels",
        "capacity": 12,
        "ticket_types": [SEAT],
        **changes,
    }


def faults(refusal: Any) -> set[tuple[str, str]]:
    return {(error["field"], error["code"]) for error in refusal.detail["errors"]}


def test_a_draft_is_made_with_what_was_said_and_sensible_rest(keeper: Database, slug: str) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts(title="  Setting\n type  "))
    assert (made["title"], made["status"], made["kind"]) == ("Setting type", "draft", "masterclass")
    assert (made["language"], made["currency"], made["capacity"]) == ("en", "EUR", 12)
    lasts = datetime.fromisoformat(made["ends_at"]) - datetime.fromisoformat(made["starts_at"])
    assert lasts == timedelta(hours=2)
    assert datetime.fromisoformat(made["starts_at"]).hour == 17
    (seat,) = made["ticket_types"]
    assert (seat["name"], seat["price_cents"], seat["max_per_order"]) == ("Seat", 2500, 10)
    assert set(made["can"]) == {"edit", "publish", "delete", "copy", "list_attendees"}


def test_it_can_be_published_with_its_making(keeper: Database, slug: str) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts(), publish=True)
    assert (made["status"], "unpublish" in made["can"]) == ("published", True)
    with keeper.refuses("invalid_input", 422) as refusal:
        keeper.call("create_event", organizer=slug, event=facts(ticket_types=[]), publish=True)
    assert faults(refusal) == {("ticket_types", "ticket_type_missing")}


def test_the_next_event_begins_as_the_last_one_was(keeper: Database, slug: str) -> None:
    assert keeper.call("read_event_defaults", organizer=slug)["defaults"]["vat_rate"] is None
    keeper.call(
        "create_event",
        organizer=slug,
        event=facts(language="nl", currency="chf", ticket_types=[{**SEAT, "vat_rate": 5.5}]),
    )
    answer = keeper.call("read_event_defaults", organizer=slug)
    assert answer["workspace"]["organizer"]["slug"] == slug
    assert (answer["defaults"]["language"], answer["defaults"]["currency"]) == ("nl", "CHF")
    assert answer["defaults"]["vat_rate"] == 5.5


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_a_first_event_begins_in_the_language_of_who_makes_it(database: Database, locale: str) -> None:
    nour = database.sign_up("Nour", locale=locale)
    team = events.organizer(database, owner=nour)
    slug = database.value("select slug from public.organizers where id = %s", [team])
    answer = database.person(nour).call("read_event_defaults", organizer=slug)
    assert answer["defaults"]["language"] == locale


def test_everything_that_is_wrong_is_said_at_once(keeper: Database, slug: str) -> None:
    with keeper.refuses("invalid_input", 422) as refusal:
        keeper.call(
            "create_event",
            organizer=slug,
            event={
                "title": "x" * 5000,
                "summary": "x" * 281,
                "description": "x" * 20_001,
                "language": "qq",
                "venue_id": "somewhere",
                "timezone": "Mars/Olympus",
                "starts_at": "soon",
                "capacity": "many",
                "currency": "XXX",
                "kind": "meetup",
                "ticket_types": [{"name": " ", "price_cents": "dear", "vat_rate": "a lot"}],
            },
        )
    assert faults(refusal) == {
        ("title", "title_invalid"),
        ("summary", "summary_too_long"),
        ("description", "description_too_long"),
        ("language", "language_unknown"),
        ("venue_id", "venue_unknown"),
        ("timezone", "timezone_unknown"),
        ("starts_at", "time_invalid"),
        ("capacity", "capacity_invalid"),
        ("currency", "currency_unknown"),
        ("kind", "kind_unknown"),
        ("ticket_types.0.name", "name_invalid"),
        ("ticket_types.0.price_cents", "price_invalid"),
        ("ticket_types.0.vat_rate", "vat_invalid"),
    }


@pytest.mark.parametrize(
    ("starts_at", "timezone", "code"),
    [
        (None, "Europe/Brussels", "required"),
        ("2027-03-28T02:30", "Europe/Brussels", "time_skipped"),
        ("2027-03-28T03:00", "Europe/Brussels", None),
        ("2027-10-31T02:30", "Europe/Brussels", "time_ambiguous"),
        ("2027-10-31T02:30+02:00", "Europe/Brussels", None),
        ("2027-10-31T03:00", "Europe/Brussels", None),
        ("2027-04-04T01:45", "Australia/Lord_Howe", "time_ambiguous"),  # half an hour is all they go back
        ("2027-02-30T12:00", "Europe/Brussels", "time_invalid"),
        ("2027-06-12T19:00", "europe/brussels", "timezone_unknown"),
        ("2020-06-12T19:00", "Europe/Brussels", "start_in_past"),
        ("9999-06-12T19:00", "Europe/Brussels", "time_invalid"),
    ],
)
def test_a_start_is_a_time_that_clocks_show_once(
    database: Database, keeper: Database, slug: str, starts_at: str | None, timezone: str, code: str | None
) -> None:
    database.move_clock(datetime(2026, 11, 20).astimezone() - database.value("select now()"))
    event = facts(starts_at=starts_at, timezone=timezone)
    if code is None:
        assert keeper.call("create_event", organizer=slug, event=event)["starts_at"]
        return
    with keeper.refuses("invalid_input", 422) as refusal:
        keeper.call("create_event", organizer=slug, event=event)
    field = "timezone" if code == "timezone_unknown" else "starts_at"
    assert faults(refusal) == {(field, code)}
    if code == "time_skipped":
        (fault,) = refusal.detail["errors"]
        assert (fault["typed"], fault["instead"]) == ("02:30", "03:30")


def test_an_end_comes_after_its_start(keeper: Database, slug: str) -> None:
    event = facts()
    for ends_at in (event["starts_at"], event["starts_at"].replace("T19", "T18")):
        with keeper.refuses("invalid_input", 422) as refusal:
            keeper.call("create_event", organizer=slug, event={**event, "ends_at": ends_at})
        assert faults(refusal) == {("ends_at", "end_before_start")}


def test_places_are_the_venues_unless_fewer_are_asked_for(
    database: Database, keeper: Database, slug: str
) -> None:
    hall = str(events.venue(database, 40, timezone="Europe/Lisbon"))
    made = keeper.call("create_event", organizer=slug, event=facts(venue_id=hall, capacity=None))
    assert (made["capacity"], made["own_capacity"], made["timezone"]) == (40, None, "Europe/Lisbon")
    for capacity, venue_id, code in ((41, hall, "capacity_above_venue"), ("", "", "capacity_missing")):
        with keeper.refuses("invalid_input", 422) as refusal:
            keeper.call("create_event", organizer=slug, event=facts(venue_id=venue_id, capacity=capacity))
        assert faults(refusal) == {("capacity", code)}
        assert refusal.detail["errors"][0].get("most") == (40 if venue_id else None)


def test_an_edit_changes_what_it_names_and_counts(keeper: Database, slug: str) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts())
    edited = keeper.call(
        "update_event", event_id=made["id"], revision=1, changes={"title": "Printing", "capacity": 9}
    )
    assert (edited["title"], edited["capacity"], edited["revision"]) == ("Printing", 9, 2)
    assert edited["starts_at"] == made["starts_at"]
    same = keeper.call("update_event", event_id=made["id"], revision=2, changes={"title": "Printing"})
    assert same["revision"] == 2


def test_an_end_follows_a_start_that_moves_alone(keeper: Database, slug: str) -> None:
    event = facts()
    made = keeper.call(
        "create_event", organizer=slug, event={**event, "ends_at": event["starts_at"][:11] + "22:30"}
    )
    moved = keeper.call(
        "update_event",
        event_id=made["id"],
        revision=1,
        changes={"starts_at": event["starts_at"][:11] + "10:00"},
    )
    lasts = datetime.fromisoformat(moved["ends_at"]) - datetime.fromisoformat(moved["starts_at"])
    assert lasts == timedelta(hours=3, minutes=30)


def test_the_second_of_two_who_edit_is_told_what_the_first_did(
    database: Database, keeper: Database, marie: Person, slug: str
) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts(title="First", summary="Ink"))
    for revision, title in ((1, "Second"), (2, "Third")):
        database.person(marie).call(
            "update_event", event_id=made["id"], revision=revision, changes={"title": title, "summary": ""}
        )
    with keeper.refuses("edited_meanwhile", 409) as refusal:
        keeper.call("update_event", event_id=made["id"], revision=1, changes={"capacity": 3})
    assert (refusal.detail["revision"], refusal.detail["by"]) == (3, "Marie")
    assert refusal.detail["changes"] == {
        "title": {"before": "First", "now": "Third"},
        "summary": {"before": "Ink", "now": ""},
    }
    assert keeper.call("read_team_event", event_id=made["id"])["event"]["capacity"] == 12


def test_places_stay_at_least_what_is_taken(database: Database, keeper: Database, slug: str) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts(), publish=True)
    show = events.Event(made["id"], made["slug"], team_of(database, made), datetime.min, datetime.min)
    place_as_guest(database, show, made["ticket_types"][0]["id"], 3)
    with keeper.refuses("invalid_input", 422) as refusal:
        keeper.call(
            "update_event", event_id=made["id"], revision=1, changes={"capacity": 2, "currency": "USD"}
        )
    assert faults(refusal) == {("capacity", "capacity_below_sold"), ("currency", "currency_fixed")}
    assert [fault["taken"] for fault in refusal.detail["errors"] if fault["field"] == "capacity"] == [3]
    with database.refuses("currency_fixed", 409):
        events.edit(database, "events", made["id"], currency="USD")


def team_of(database: Database, made: dict[str, Any]) -> uuid.UUID:
    found: uuid.UUID = database.value("select organizer_id from public.events where id = %s", [made["id"]])
    return found


def test_what_is_sold_is_neither_withdrawn_nor_deleted(
    database: Database, keeper: Database, slug: str
) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts())
    assert keeper.call("publish_event", event_id=made["id"])["status"] == "published"
    with keeper.refuses("illegal_transition", 409):
        keeper.call("publish_event", event_id=made["id"])
    with keeper.refuses("illegal_transition", 409):
        keeper.call("delete_event", event_id=made["id"])
    assert keeper.call("unpublish_event", event_id=made["id"])["status"] == "draft"
    keeper.call("publish_event", event_id=made["id"])
    show = events.Event(made["id"], made["slug"], team_of(database, made), datetime.min, datetime.min)
    place_as_guest(database, show, made["ticket_types"][0]["id"])
    with keeper.refuses("event_has_orders", 409):
        keeper.call("unpublish_event", event_id=made["id"])
    database.move_clock(timedelta(minutes=15))
    assert keeper.call("unpublish_event", event_id=made["id"])["status"] == "draft"
    with keeper.refuses("event_was_ordered", 409):
        keeper.call("delete_event", event_id=made["id"])


def test_buyers_still_read_what_they_once_ordered_of_a_withdrawn_event(
    database: Database, keeper: Database, slug: str, zoe: Person
) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts())
    keeper.call("publish_event", event_id=made["id"])
    show = events.Event(made["id"], made["slug"], team_of(database, made), datetime.min, datetime.min)
    order = place(database.person(zoe), show, made["ticket_types"][0]["id"])
    guests = place_as_guest(database, show, made["ticket_types"][0]["id"])
    database.move_clock(HOLD)
    keeper.call("unpublish_event", event_id=made["id"])
    for found in (
        database.person(zoe).call("list_orders")["orders"][0],
        database.person(zoe).call("read_order", reference=order["reference"]),
        holding(database, guests).call("read_order", reference=guests["reference"]),
        holding(database, guests).call("read_order_state", reference=guests["reference"]),
    ):
        assert (found["status"], found["payments_left"]) == ("expired", 3)


def test_a_draft_goes_with_all_that_hung_on_it(database: Database, keeper: Database, slug: str) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts(ticket_types=[SEAT | {"capacity": 5}]))
    assert keeper.call("delete_event", event_id=made["id"]) == {"unused_cover_path": None}
    assert not database.rows("select from public.pools where event_id = %s", [made["id"]])
    with keeper.refuses("not_found", 404):
        keeper.call("read_team_event", event_id=made["id"])


def test_what_is_over_stays_as_it_was(keeper: Database, slug: str) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts(), publish=True)
    keeper.call("cancel_event", event_id=made["id"], reason="The press broke.")
    with keeper.refuses("event_is_closed", 409):
        keeper.call("update_event", event_id=made["id"], revision=1, changes={"title": "Other"})


def test_a_draft_of_the_past_is_not_published(database: Database, keeper: Database, slug: str) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts())
    database.move_clock(timedelta(days=800))
    with keeper.refuses("invalid_input", 422) as refusal:
        keeper.call("publish_event", event_id=made["id"])
    assert faults(refusal) == {("starts_at", "start_in_past")}


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("update_event", {"revision": 1, "changes": {"title": "Mine"}}),
    ("publish_event", {}),
    ("unpublish_event", {}),
    ("delete_event", {}),
]


@pytest.mark.parametrize(("function", "arguments"), CHANGES)
def test_only_who_may_changes_events(
    database: Database, keeper: Database, slug: str, dora: Person, zoe: Person, function: str, arguments: Any
) -> None:
    made = keeper.call("create_event", organizer=slug, event=facts())
    with database.person(dora).refuses("not_permitted", 403):
        database.person(dora).call(function, event_id=made["id"], **arguments)
    for stranger in (database.person(zoe), database.visitor()):
        with stranger.refuses("not_found", 404):
            stranger.call(function, event_id=made["id"], **arguments)


def test_only_who_may_makes_events(database: Database, slug: str, dora: Person, zoe: Person) -> None:
    for function, arguments in (("create_event", {"event": facts()}), ("read_event_defaults", {})):
        with database.person(dora).refuses("not_permitted", 403):
            database.person(dora).call(function, organizer=slug, **arguments)
        with database.person(zoe).refuses("not_found", 404):
            database.person(zoe).call(function, organizer=slug, **arguments)
