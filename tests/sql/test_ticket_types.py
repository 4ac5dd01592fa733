"""Ticket types: made, edited, arranged and deleted by their team, and what they would cost."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.crowd import Crowd
from tests.sql.events import Event
from tests.sql.orders import guest, line, paid, place_as_guest
from tests.sql.test_keeping_events import faults

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team)


@pytest.fixture
def keeper(database: Database, omar: Person) -> Database:
    return database.person(omar)


def add(keeper: Database, show: Event, **facts: Any) -> Any:
    return keeper.call(
        "create_ticket_type", event_id=show.id, ticket_type={"name": "Seat", "price_cents": 1000, **facts}
    )


def change(keeper: Database, type: Any, revision: int = 1, **changes: Any) -> Any:
    return keeper.call("update_ticket_type", ticket_type_id=type["id"], revision=revision, changes=changes)


def test_a_ticket_type_is_made_edited_and_deleted(keeper: Database, show: Event) -> None:
    made = add(keeper, show, vat_rate=6, group_min_quantity=3, group_percent=10, capacity=4)
    assert (made["position"], made["revision"], made["ordered"], made["sold"]) == (0, 1, False, 0)
    second = add(keeper, show, name="Balcony")
    assert (second["position"], second["vat_rate"]) == (1, 6)
    edited = change(keeper, made, price_cents=1200, group_percent=None, group_min_quantity=None)
    assert (edited["price_cents"], edited["group_percent"], edited["revision"]) == (1200, None, 2)
    assert keeper.call("delete_ticket_type", ticket_type_id=made["id"]) == {"event_id": str(show.id)}
    with keeper.refuses("ticket_type_missing", 409):
        keeper.call("delete_ticket_type", ticket_type_id=second["id"])


def test_everything_wrong_is_said_at_once(keeper: Database, show: Event) -> None:
    with keeper.refuses("invalid_input", 422) as refusal:
        add(
            keeper,
            show,
            name="x" * 81,
            description="x" * 501,
            price_cents=30,
            early_bird_price_cents=40,
            group_percent=101,
            vat_rate=100,
            capacity=11,
            min_per_order=0,
            max_per_order=101,
            sale_starts_at="2026-03-29T02:30",
        )
    assert faults(refusal) == {
        ("name", "name_invalid"),
        ("description", "ticket_description_too_long"),
        ("price_cents", "price_below_minimum"),
        ("early_bird_price_cents", "price_below_minimum"),
        ("early_bird_price_cents", "early_bird_not_lower"),
        ("early_bird_until", "required"),
        ("group_min_quantity", "group_invalid"),
        ("group_percent", "percent_invalid"),
        ("vat_rate", "vat_invalid"),
        ("capacity", "capacity_above_event"),
        ("min_per_order", "limits_invalid"),
        ("max_per_order", "limits_invalid"),
        ("sale_starts_at", "time_skipped"),
    }


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"price_cents": -5}, "price_cents", "price_invalid"),
        (
            {"price_cents": 999_999_999, "group_min_quantity": 10, "group_percent": 1},
            "price_cents",
            "price_invalid",
        ),
        ({"price_cents": "dear"}, "price_cents", "price_invalid"),
        ({"vat_rate": 99.01}, "vat_rate", "vat_invalid"),
        ({"vat_rate": -1}, "vat_rate", "vat_invalid"),
        ({"group_min_quantity": 2, "group_percent": 98}, "group_percent", "price_below_minimum"),
        ({"group_min_quantity": 3, "group_percent": "12,5"}, "group_percent", "percent_invalid"),
        ({"group_min_quantity": 3}, "group_percent", "group_invalid"),
        ({"group_min_quantity": 100_000, "group_percent": 5}, "group_min_quantity", "group_invalid"),
        ({"min_per_order": 5, "max_per_order": 4}, "max_per_order", "limits_invalid"),
        ({"capacity": 0}, "capacity", "capacity_invalid"),
        ({"group_min_quantity": 11, "group_percent": 5}, "group_min_quantity", "group_above_limit"),
        ({"min_per_order": 3, "capacity": 2}, "min_per_order", "limits_above_capacity"),
        ({"min_per_order": 11, "max_per_order": 12}, "min_per_order", "limits_above_capacity"),
        ({"sale_ends_at": "2020-01-01T10:00"}, "sale_ends_at", "time_passed"),
        (
            {"early_bird_price_cents": 500, "early_bird_until": "2020-01-01T10:00"},
            "early_bird_until",
            "time_passed",
        ),
        ({"sale_starts_at": "2035-01-01T10:00"}, "sale_starts_at", "sale_after_start"),
        ({"sale_ends_at": "2035-01-01T10:00"}, "sale_ends_at", "deadline_after_start"),
        (
            {"early_bird_price_cents": 500, "early_bird_until": "2035-01-01T10:00"},
            "early_bird_until",
            "deadline_after_start",
        ),
    ],
)
def test_each_rule_names_its_field(
    keeper: Database, show: Event, facts: dict[str, Any], field: str, code: str
) -> None:
    with keeper.refuses("invalid_input", 422) as refusal:
        add(keeper, show, **facts)
    assert faults(refusal) == {(field, code)}


def test_a_sale_ends_after_it_begins(keeper: Database, show: Event) -> None:
    ends = show.starts_at - timedelta(days=2)
    with keeper.refuses("invalid_input", 422) as refusal:
        add(keeper, show, sale_starts_at=ends.isoformat(), sale_ends_at=ends.isoformat())
    assert faults(refusal) == {("sale_ends_at", "sale_ends_first")}


def test_what_nobody_touched_is_not_wrong_since_its_event_changed(
    database: Database, keeper: Database, show: Event
) -> None:
    begins = database.value("select private.now()") + timedelta(days=6)
    made = add(
        keeper, show, capacity=10, min_per_order=8, max_per_order=9, group_min_quantity=9, group_percent=5,
        sale_starts_at=begins.isoformat(),
    )  # fmt: skip
    events.edit(database, "events", show.id, capacity=5, starts_at=begins - timedelta(hours=1))
    kept = {
        name: made[name] for name in ("capacity", "min_per_order", "sale_starts_at", "group_min_quantity")
    }
    edited = change(keeper, made, name="Smaller", **kept)
    assert {name: edited[name] for name in kept} == kept
    with keeper.refuses("invalid_input", 422) as refusal:
        change(keeper, made, 2, capacity=9, max_per_order=8)
    assert faults(refusal) == {
        ("capacity", "capacity_above_event"),
        ("min_per_order", "limits_above_capacity"),
        ("group_min_quantity", "group_above_limit"),
    }


def test_a_running_sale_is_ended_by_its_end(keeper: Database, show: Event) -> None:
    ended = change(keeper, add(keeper, show), sale_ends_at="2020-01-01T10:00")
    assert ended["sale_ends_at"].startswith("2020-01-01")


def test_an_event_has_twenty_types_at_most(keeper: Database, show: Event) -> None:
    for _ in range(20):
        add(keeper, show)
    with keeper.refuses("ticket_types_invalid", 409):
        add(keeper, show)


def test_what_was_ordered_keeps_its_price_and_its_type(
    database: Database, keeper: Database, show: Event
) -> None:
    made = add(keeper, show, capacity=5)
    order = place_as_guest(database, show, made["id"], 3)
    change(keeper, made, price_cents=9900, name="Dearer")
    read = database.visitor(x_order_secret=order["secret"]).call("read_order", reference=order["reference"])
    assert (read["total_cents"], read["lines"][0]["name"]) == (3000, "Seat")
    paid(database, order)
    with keeper.refuses("ticket_type_was_ordered", 409):
        keeper.call("delete_ticket_type", ticket_type_id=made["id"])
    with keeper.refuses("invalid_input", 422) as refusal:
        change(keeper, made, 2, capacity=2)
    assert faults(refusal) == {("capacity", "capacity_below_sold")}


def test_a_price_that_changes_under_a_running_checkout_leaves_it_alone(
    database: Database, keeper: Database, show: Event
) -> None:
    made = add(keeper, show)
    order = place_as_guest(database, show, made["id"], 2)
    caller = database.visitor(x_order_secret=order["secret"])
    checkout = caller.call("begin_checkout", reference=order["reference"])
    change(keeper, made, price_cents=5000)
    again = caller.call("begin_checkout", reference=order["reference"])
    assert again["order"]["total_cents"] == checkout["order"]["total_cents"] == 2000
    paid(database, order)
    assert place_as_guest(database, show, made["id"])["total_cents"] == 5000


def test_the_second_who_edits_a_type_is_told(keeper: Database, show: Event) -> None:
    made = add(keeper, show)
    change(keeper, made, price_cents=1100)
    with keeper.refuses("edited_meanwhile", 409) as refusal:
        change(keeper, made, price_cents=900)
    assert refusal.detail["changes"] == {"price_cents": {"before": 1000, "now": 1100}}
    assert refusal.detail["by"] == "Omar"


def test_types_stand_in_the_order_they_are_put(database: Database, keeper: Database, show: Event) -> None:
    one, two, three = (add(keeper, show, name=name) for name in ("One", "Two", "Three"))
    foreign = events.ticket_type(database, events.event(database), name="Foreign")
    arranged = keeper.call(
        "arrange_ticket_types",
        event_id=show.id,
        ticket_type_ids=[uuid.UUID(each) for each in (three["id"], str(foreign), one["id"], two["id"])],
    )
    assert [type["name"] for type in arranged["ticket_types"]] == ["Three", "One", "Two"]
    assert database.value("select position from public.ticket_types where id = %s", [foreign]) == 0


def test_what_a_type_would_cost_is_told_before_and_after_early_bird(
    database: Database, keeper: Database, show: Event
) -> None:
    until = database.value("select private.now()") + timedelta(days=1)
    edits = {
        "price_cents": 1000,
        "early_bird_price_cents": 800,
        "early_bird_until": until.isoformat(),
        "group_min_quantity": 4,
        "group_percent": 25,
    }
    preview = keeper.call("quote_ticket_type", event_id=show.id, ticket_type_id=None, edits=edits)
    assert [(each["quantity"], each["total_cents"]) for each in preview["now"]] == [
        (1, 800),
        (3, 2400),
        (4, 3200),
        (5, 4000),
    ]
    assert [each["total_cents"] for each in preview["later"]] == [1000, 3000, 3000, 3750]
    assert not database.rows("select from public.ticket_types where event_id = %s", [show.id])
    made = add(keeper, show, **edits)
    read = keeper.call("read_team_ticket_type", ticket_type_id=made["id"])
    assert read["preview"]["now"] == preview["now"]
    quote = database.visitor().call("quote", event_id=show.id, lines=[line(made["id"], 5)])
    assert quote["total_cents"] == 4000
    database.move_clock(timedelta(days=1) + MICROSECOND)
    with keeper.refuses("invalid_input", 422):
        keeper.call(
            "quote_ticket_type", event_id=show.id, ticket_type_id=made["id"], edits={"price_cents": 7}
        )


def test_only_who_may_touches_ticket_types(
    database: Database, keeper: Database, show: Event, dora: Person, zoe: Person
) -> None:
    made = add(keeper, show)
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("create_ticket_type", {"event_id": show.id, "ticket_type": {}}),
        ("update_ticket_type", {"ticket_type_id": made["id"], "revision": 1, "changes": {}}),
        ("delete_ticket_type", {"ticket_type_id": made["id"]}),
        ("arrange_ticket_types", {"event_id": show.id, "ticket_type_ids": [uuid.UUID(made["id"])]}),
        ("quote_ticket_type", {"event_id": show.id, "ticket_type_id": made["id"], "edits": {}}),
    ]
    for function, arguments in attempts:
        with database.person(dora).refuses("not_permitted", 403):
            database.person(dora).call(function, **arguments)
        for stranger in (database.person(zoe), database.visitor()):
            with stranger.refuses("not_found", 404):
                stranger.call(function, **arguments)
    with database.person(zoe).refuses("not_found", 404):
        database.person(zoe).call("read_team_ticket_type", ticket_type_id=made["id"])


def test_seats_bought_while_a_type_shrinks_never_exceed_it(crowd: Crowd) -> None:
    omar = crowd.owner.sign_up("Omar")
    show = crowd.event(organizer_id=events.organizer(crowd.owner, owner=omar), capacity=50)
    made = add(crowd.owner.person(omar), show, capacity=10)

    def shrink(caller: Database) -> Any:
        return change(caller.person(omar), made, capacity=4)["capacity"]

    def buy(caller: Database) -> Any:
        return caller.visitor().call(
            "place_order", event_id=show.id, lines=[line(made["id"])], buyer=guest(uuid.uuid4().hex)
        )["status"]

    answers = crowd.rush([*[buy] * 4, shrink, *[buy] * 4])
    capacity = crowd.owner.value("select capacity from public.ticket_types where id = %s", [made["id"]])
    assert answers.count("pending") == sum(events.pool(crowd.owner, show, made["id"])) <= capacity
    assert answers[4] in {4, "invalid_input"}
