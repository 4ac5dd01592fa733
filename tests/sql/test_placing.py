"""Placing an order: who buys, who sits where, once per key, one at a time, and only what is on show."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import HOLD, guest, line, place, place_as_guest


@pytest.fixture
def show(database: Database) -> events.Event:
    return events.event(database, capacity=100)


@pytest.fixture
def seat(database: Database, show: events.Event) -> uuid.UUID:
    return events.ticket_type(database, show)


def test_an_order_says_all_its_page_needs(database: Database, show: events.Event, seat: uuid.UUID) -> None:
    order = place(database.visitor(), show, seat, 2, buyer=guest("Gus"), locale="fr")
    assert re.fullmatch(r"GC\d{4}-[0-9A-HJKMNP-TV-Z]{6}", order["reference"])
    assert (order["status"], order["payment_status"], order["hold_left_seconds"]) == (
        "pending",
        "unpaid",
        900,
    )
    assert (order["guest"], order["locale"], order["can"]) == (True, "fr", ["pay", "cancel", "name"])
    assert (order["payments_left"], order["failed_payments"], order["payments"]) == (3, 0, [])
    assert order["buyer"]["name"] == "Gus"
    assert [attendee["name"] for attendee in order["attendees"]] == ["Gus", None]
    assert order["event"]["slug"] == show.slug
    assert len(order["secret"]) == 43


def test_an_accounts_order_goes_to_its_own_address(
    database: Database, show: events.Event, seat: uuid.UUID, ana: Person
) -> None:
    order = place(database.person(ana), show, seat, buyer={"name": "Anna", "email": "zoe@example.org"})
    assert order["buyer"] == {"name": "Anna", "email": ana.email, "phone": None}
    assert order["guest"] is False
    assert "secret" not in order
    assert place(database.person(database.sign_up("Bo")), show, seat)["buyer"]["name"] == "Bo"


@pytest.mark.parametrize(
    ("buyer", "word"),
    [
        (None, "buyer_name_missing"),
        ({}, "buyer_name_missing"),
        ({"name": " \n ", "email": "g@example.org"}, "buyer_name_missing"),
        ({"name": "é" * 121, "email": "g@example.org"}, "buyer_name_missing"),
        ({"name": "Gus"}, "buyer_email_invalid"),
        ({"name": "Gus", "email": "gus"}, "buyer_email_invalid"),
        ({"name": "Gus", "email": "gus@example"}, "buyer_email_invalid"),
        ({"name": "Gus", "email": "gus@example.org\nbcc: zoe@example.org"}, "buyer_email_invalid"),
        ({"name": "Gus", "email": "g" * 250 + "@example.org"}, "buyer_email_invalid"),
        ({"name": "Gus", "email": "gus@example.org", "phone": "call me"}, "buyer_phone_invalid"),
        ({"name": "Gus", "email": "gus@example.org", "phone": "1" * 33}, "buyer_phone_invalid"),
    ],
)
def test_a_guest_says_who_they_are(
    database: Database, show: events.Event, seat: uuid.UUID, buyer: Any, word: str
) -> None:
    with database.refuses(word, 422):
        place(database.visitor(), show, seat, buyer=buyer)


def test_a_phone_number_is_asked_for_where_the_organizer_wants_it(database: Database) -> None:
    show = events.event(database, asks_phone=True)
    seat = events.ticket_type(database, show)
    with database.refuses("buyer_phone_missing", 422):
        place(database.visitor(), show, seat, buyer=guest())
    order = place(database.visitor(), show, seat, buyer=guest(phone=" +32 (0)470 12.34-56 "))
    assert order["buyer"]["phone"] == "+32 (0)470 12.34-56"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Zoë Ångström", "Zoë Ångström"),
        ("  李 小龙 ", "李 小龙"),
        ("مريم", "مريم"),
        ("O'Brien; drop table orders--", "O'Brien; drop table orders--"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Gus\r\nBcc: zoe@example.org", "Gus Bcc: zoe@example.org"),
        ("\t\x1b[31mRed\x7f", "[31mRed"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("\u202eGus \u2066Léo", "Gus Léo"),
    ],
)
def test_names_are_kept_on_one_line_as_they_were_told(
    database: Database, show: events.Event, seat: uuid.UUID, told: str, kept: str
) -> None:
    assert place(database.visitor(), show, seat, buyer=guest() | {"name": told})["buyer"]["name"] == kept


def test_attendees_sit_in_the_order_they_were_named(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    child = events.ticket_type(database, show, 500)
    lines = [
        line(
            seat,
            2,
            attendees=[{"name": " Ana ", "email": "ANA@example.org", "phone": "+32 470"}, {"name": ""}],
        ),
        line(child, 2, attendees=[{"name": "Lia"}]),
    ]
    order = database.visitor().call("place_order", event_id=show.id, lines=lines, buyer=guest("Gus"))
    assert [attendee["name"] for attendee in order["attendees"]] == ["Ana", None, "Lia", None]
    assert order["attendees"][0]["email"] == "ana@example.org"
    assert [each["ticket_type_id"] for each in order["attendees"]] == [str(seat)] * 2 + [str(child)] * 2


@pytest.mark.parametrize(
    "attendees",
    [
        {},
        "Ana",
        [{"name": "Ana"}, {"name": "Bo"}],
        ["Ana"],
        [None],
        [{"name": "x" * 121}],
        [{"email": "nowhere"}],
        [{"phone": "no number"}],
        [{"email": "g" * 250 + "@example.org"}],
    ],
)
def test_attendees_that_do_not_fit_are_refused(
    database: Database, show: events.Event, seat: uuid.UUID, attendees: Any
) -> None:
    with database.refuses("attendees_invalid", 422):
        database.visitor().call(
            "place_order", event_id=show.id, lines=[line(seat, 1, attendees=attendees)], buyer=guest()
        )


def test_the_first_attendee_that_is_wrong_is_named(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    attendees = [{"name": "Léa"}, {"name": "Max", "email": "max@"}, {"phone": "no number"}]
    lines = [line(seat, 3, attendees=attendees)]
    with database.refuses("attendees_invalid", 422) as refusal:
        database.visitor().call("place_order", event_id=show.id, lines=lines, buyer=guest())
    assert refusal.detail == {"ticket_type_id": str(seat), "seat": 1, "field": "email"}


def test_one_pending_order_per_account_and_event(
    database: Database, show: events.Event, seat: uuid.UUID, ana: Person
) -> None:
    first = place(database.person(ana), show, seat)
    with database.refuses("order_pending", 409) as refusal:
        place(database.person(ana), show, seat)
    assert refusal.detail["reference"] == first["reference"]
    other = events.event(database)
    place(database.person(ana), other, events.ticket_type(database, other))


def test_one_pending_order_per_address_and_event_but_no_clue_whose(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    gus = guest()
    place(database.visitor(), show, seat, buyer=gus)
    with database.refuses("order_pending", 409) as refusal:
        place(database.visitor(), show, seat, buyer=gus | {"email": gus["email"].upper()})
    assert refusal.detail["reference"] is None


def test_a_guests_hold_does_not_stand_in_the_way_of_the_account(
    database: Database, show: events.Event, seat: uuid.UUID, ana: Person
) -> None:
    place(database.visitor(), show, seat, buyer=guest() | {"email": ana.email})
    place(database.person(ana), show, seat)


def test_nobody_pays_more_than_they_have_seen(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    def order(seen: int) -> Any:
        return database.visitor().call(
            "place_order", event_id=show.id, lines=[line(seat)], buyer=guest(), seen_cents=seen
        )

    events.edit(database, "ticket_types", seat, price_cents=9000)
    with database.refuses("price_changed", 409) as refusal:
        order(1000)
    assert refusal.detail == {"total_cents": 9000, "seen_cents": 1000}
    assert (order(9000)["total_cents"], order(9500)["total_cents"]) == (9000, 9000)


def test_a_repeated_key_answers_the_first_order(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    gus = guest()
    first = place(database.visitor(), show, seat, buyer=gus, idempotency_key="k-1")
    again = place(database.visitor(), show, seat, buyer=gus, idempotency_key="k-1")
    assert again == first
    assert events.pool(database, show) == (1, 0)


def test_a_repeated_key_answers_even_when_the_sale_is_over(
    database: Database, show: events.Event, seat: uuid.UUID, ana: Person
) -> None:
    first = place(database.person(ana), show, seat, idempotency_key="k-1")
    events.edit(
        database,
        "ticket_types",
        seat,
        max_per_order=1,
        min_per_order=1,
        sale_ends_at=database.value("select now()"),
    )
    database.move_clock(HOLD)
    again = place(database.person(ana), show, seat, idempotency_key="k-1")
    assert (again["reference"], again["status"]) == (first["reference"], "expired")


@pytest.mark.parametrize(
    "change", [{"quantity": 2}, {"locale": "fr"}, {"buyer": {"name": "G", "email": "g@example.org"}}]
)
def test_a_key_with_another_body_is_refused(
    database: Database, show: events.Event, seat: uuid.UUID, ana: Person, change: dict[str, Any]
) -> None:
    place(database.person(ana), show, seat, idempotency_key="k-1")
    with database.refuses("idempotency_key_reused", 422):
        place(database.person(ana), show, seat, idempotency_key="k-1", **change)


def test_a_key_is_its_accounts_own(
    database: Database, show: events.Event, seat: uuid.UUID, ana: Person, zoe: Person
) -> None:
    first = place(database.person(ana), show, seat, idempotency_key="k-1")
    second = place(database.person(zoe), show, seat, idempotency_key="k-1")
    assert first["reference"] != second["reference"]


def test_no_guest_reaches_anothers_order_by_its_key(
    database: Database, show: events.Event, seat: uuid.UUID
) -> None:
    place(database.visitor(), show, seat, buyer=guest(), idempotency_key="k-1")
    with database.refuses("idempotency_key_reused", 422):
        place(database.visitor(), show, seat, buyer=guest(), idempotency_key="k-1")


def test_a_person_places_ten_orders_in_ten_minutes(database: Database, ana: Person) -> None:
    me = database.person(ana)
    database.rows("update private.limits set amount = 2 where name = 'orders_by_person'")
    for minutes in (0, 3):
        database.move_clock(timedelta(minutes=minutes))
        fresh = events.event(database)
        place(me, fresh, events.ticket_type(database, fresh))
    fresh = events.event(database)
    seat = events.ticket_type(database, fresh)
    database.move_clock(timedelta(minutes=9, seconds=59))
    with database.refuses("too_many_orders", 429) as refusal:
        place(me, fresh, seat)
    assert refusal.detail["retry_after"] == 1
    database.move_clock(timedelta(minutes=10))
    place(me, fresh, seat)


def test_guests_are_limited_by_their_address_book_name(database: Database) -> None:
    database.rows("update private.limits set amount = 1 where name = 'orders_by_person'")
    gus = guest()
    for word in (None, "too_many_orders"):
        show = events.event(database)
        seat = events.ticket_type(database, show)
        if word:
            with database.refuses(word, 429):
                place(database.visitor(), show, seat, buyer=gus)
        else:
            place(database.visitor(), show, seat, buyer=gus)


@pytest.mark.parametrize("status", ["draft", "awaiting_payment"])
def test_what_is_not_on_show_cannot_be_ordered(database: Database, status: str, omar: Person) -> None:
    team = events.organizer(database, owner=omar)
    show = events.event(database, status=status, organizer_id=team)
    seat = events.ticket_type(database, show)
    for caller in (database.visitor(), database.person(omar)):
        with database.refuses("not_found", 404):
            place(caller, show, seat, buyer=guest())


def test_a_withdrawn_event_is_gone(database: Database, show: events.Event, seat: uuid.UUID) -> None:
    events.edit(database, "events", show.id, status="draft")
    with database.refuses("not_found", 404):
        place_as_guest(database, show, seat)


@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_an_event_that_is_over_sells_nothing(
    database: Database, show: events.Event, seat: uuid.UUID, status: str
) -> None:
    events.edit(database, "events", show.id, status=status)
    with database.refuses("sale_closed", 409) as refusal:
        place_as_guest(database, show, seat)
    assert refusal.detail["sale"] == "ended"


def test_an_unknown_event_is_not_found(database: Database, seat: uuid.UUID) -> None:
    for event_id in (uuid.uuid4(), None):
        with database.refuses("not_found", 404):
            database.visitor().call("place_order", event_id=event_id, lines=[line(seat)], buyer=guest())
