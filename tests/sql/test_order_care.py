"""What a team does about an order short of its money: names, addresses, mails said again, notes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.events import Event
from tests.sql.orders import Order, guest, holding, paid, place


@pytest.fixture
def show(database: Database, team: uuid.UUID) -> Event:
    return events.event(database, organizer_id=team)


@pytest.fixture
def seat(database: Database, show: Event) -> uuid.UUID:
    return events.ticket_type(database, show)


@pytest.fixture
def order(database: Database, show: Event, seat: uuid.UUID) -> Order:
    """Two seats, bought by a guest."""
    return paid(database, place(database.visitor(), show, seat, 2, buyer=guest("Gus")))


def file_of(db: Database, person: Person, order: Order) -> Any:
    return db.person(person).call("read_team_order", reference=order["reference"])


def mails(db: Database, order: Order) -> list[tuple[str, str]]:
    return db.rows(
        "select kind, recipient from public.deliveries where order_id = %s order by ctid",
        [order["id"]],
    )


def send_all(db: Database) -> None:
    """As if the worker had sent every mail."""
    db.rows("update public.deliveries set status = 'delivered' where status = 'queued'")


def test_a_new_address_gets_a_link_of_its_own_and_the_old_one_ends(
    database: Database, omar: Person, order: Order
) -> None:
    before = holding(database, order)
    answer = database.person(omar).call(
        "change_buyer", reference=order["reference"], name="Gustav", email=" GUSTAV@example.org "
    )
    assert answer["order"]["buyer"] == {"name": "Gustav", "email": "gustav@example.org", "phone": None}
    assert set(mails(database, order)) == {
        ("order_confirmed", "gustav@example.org"),  # it was not written yet, and will hold the new link
        ("order_readdressed", "gustav@example.org"),
    }
    with database.refuses("not_found", 404):
        before.call("read_order", reference=order["reference"])
    secret = database.value("select private.order_secret(%s)", [order["id"]])
    now = database.visitor(x_order_secret=secret)
    assert now.call("read_order", reference=order["reference"])["buyer"]["name"] == "Gustav"


def test_a_mail_that_is_out_already_stays_with_its_address(
    database: Database, omar: Person, order: Order
) -> None:
    (claimed,) = database.service().call("claim_deliveries")
    database.person(omar).call(
        "change_buyer", reference=order["reference"], name="Gustav", email="gustav@example.org"
    )
    assert ("order_confirmed", order["buyer"]["email"]) in mails(database, order)
    fresh = database.service().call("claim_deliveries")
    assert [each["recipient"] for each in fresh] == ["gustav@example.org"]
    assert claimed["data"]["site_path"] != fresh[0]["data"]["site_path"]


def test_a_new_name_alone_keeps_the_link(database: Database, omar: Person, order: Order) -> None:
    database.person(omar).call(
        "change_buyer", reference=order["reference"], name="Gustav", email=order["buyer"]["email"]
    )
    assert (
        holding(database, order).call("read_order", reference=order["reference"])["buyer"]["name"] == "Gustav"
    )
    assert len(mails(database, order)) == 1


def test_a_row_edited_in_the_dashboard_moves_its_link_too(database: Database, order: Order) -> None:
    events.edit(database, "orders", order["id"], buyer_email="new@example.org")
    assert ("order_readdressed", "new@example.org") in mails(database, order)
    with database.refuses("not_found"):
        holding(database, order).call("read_order", reference=order["reference"])


def test_an_accounts_order_stays_at_the_accounts_address(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    order = place(database.person(ana), show, seat)
    with database.refuses("address_of_account", 409):
        database.person(omar).call(
            "change_buyer", reference=order["reference"], name="Ana", email="other@example.org"
        )


def test_an_address_that_holds_seats_already_takes_no_second_order(
    database: Database, omar: Person, show: Event, seat: uuid.UUID
) -> None:
    one, other = (place(database.visitor(), show, seat, buyer=guest(name)) for name in ("Gus", "Bea"))
    with database.refuses("address_has_order", 409):
        database.person(omar).call(
            "change_buyer", reference=one["reference"], name="Gus", email=other["buyer"]["email"]
        )


@pytest.mark.parametrize(
    ("name", "email", "phone", "word"),
    [
        (" ", "gus@example.org", None, "buyer_name_missing"),
        ("x" * 121, "gus@example.org", None, "buyer_name_missing"),
        ("Gus", "gus", None, "buyer_email_invalid"),
        ("Gus", "gus@example.org", "call me", "buyer_phone_invalid"),
    ],
)
def test_a_buyer_who_makes_no_sense_is_refused(
    database: Database, omar: Person, order: Order, name: str, email: str, phone: str | None, word: str
) -> None:
    with database.refuses(word, 422):
        database.person(omar).call(
            "change_buyer", reference=order["reference"], name=name, email=email, phone=phone
        )


def test_who_sits_in_a_seat_can_change(database: Database, omar: Person, order: Order) -> None:
    seat = order["attendees"][1]["id"]
    answer = database.person(omar).call(
        "change_attendee",
        reference=order["reference"],
        attendee_id=seat,
        name=" Bea\n",
        email="BEA@example.org",
    )
    assert [(each["name"], each["email"]) for each in answer["order"]["attendees"]] == [
        ("Gus", None),
        ("Bea", "bea@example.org"),
    ]
    with database.refuses("attendees_invalid", 422):
        database.person(omar).call(
            "change_attendee", reference=order["reference"], attendee_id=seat, name="Bea", email="bea"
        )
    with database.refuses("attendee_unknown", 422):
        database.person(omar).call(
            "change_attendee", reference=order["reference"], attendee_id=uuid.uuid4(), name="Bea"
        )


def test_a_mail_is_said_again_to_the_present_address(database: Database, omar: Person, order: Order) -> None:
    (mail,) = [line for line in file_of(database, omar, order)["history"] if line["kind"] == "mail"]
    again = {"reference": order["reference"], "delivery_id": mail["id"]}
    with database.refuses("mail_outdated", 409):
        database.person(omar).call("repeat_mail", **again)
    send_all(database)
    events.edit(database, "orders", order["id"], buyer_email="new@example.org")
    database.person(omar).call("repeat_mail", **again)
    assert ("order_confirmed", "new@example.org") in mails(database, order)


def test_mails_are_not_said_again_without_end(database: Database, omar: Person, order: Order) -> None:
    send_all(database)
    (mail,) = [line for line in file_of(database, omar, order)["history"] if line["kind"] == "mail"]
    again = {"reference": order["reference"], "delivery_id": mail["id"]}
    for _ in range(3):
        database.person(omar).call("repeat_mail", **again)
    with database.refuses("too_many_mails", 429) as refusal:
        database.person(omar).call("repeat_mail", **again)
    assert 0 < refusal.detail["retry_after"] <= 3600
    database.rows(
        "update public.deliveries set created_at = created_at - interval '1 hour' where repeats is not null"
    )
    database.person(omar).call("repeat_mail", **again)


def test_a_mail_about_another_order_is_not_sent(
    database: Database, omar: Person, show: Event, seat: uuid.UUID, order: Order
) -> None:
    other = paid(database, place(database.visitor(), show, seat, buyer=guest()))
    send_all(database)
    (mail,) = [line for line in file_of(database, omar, other)["history"] if line["kind"] == "mail"]
    with database.refuses("not_found", 404):
        database.person(omar).call("repeat_mail", reference=order["reference"], delivery_id=mail["id"])


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 2001])
def test_a_note_says_something(database: Database, omar: Person, order: Order, body: str) -> None:
    with database.refuses("note_invalid", 422):
        database.person(omar).call("add_order_note", reference=order["reference"], body=body)


def test_notes_leave_with_the_person_they_are_about(
    database: Database, omar: Person, ana: Person, show: Event, seat: uuid.UUID
) -> None:
    order = paid(database, place(database.person(ana), show, seat))
    database.person(omar).call(
        "add_order_note", reference=order["reference"], body="Asked for a quiet place."
    )
    database.person(ana).call("erase_me")
    assert not database.rows("select from public.order_notes where order_id = %s", [order["id"]])
