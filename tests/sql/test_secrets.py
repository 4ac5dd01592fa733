"""A guest's order opens to its secret alone."""

from __future__ import annotations

import base64
import uuid

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import Order, guest, holding, place, place_as_guest

CALLS = ("read_order", "read_order_state", "begin_checkout", "cancel_order")


@pytest.fixture
def order(database: Database) -> Order:
    show = events.event(database)
    return place_as_guest(database, show, events.ticket_type(database, show))


@pytest.mark.parametrize("function", CALLS)
def test_the_secret_opens_its_order(database: Database, order: Order, function: str) -> None:
    assert holding(database, order).call(function, reference=order["reference"].lower())


@pytest.mark.parametrize("function", CALLS)
def test_nothing_opens_without_it(database: Database, order: Order, function: str, zoe: Person) -> None:
    for stranger in (database.visitor(), database.person(zoe)):
        with database.refuses("not_found", 404):
            stranger.call(function, reference=order["reference"])


@pytest.mark.parametrize("function", CALLS)
def test_a_secret_does_not_open_another_order(database: Database, order: Order, function: str) -> None:
    show = events.event(database)
    other = place_as_guest(database, show, events.ticket_type(database, show))
    with database.refuses("not_found", 404):
        holding(database, other).call(function, reference=order["reference"])


def forgeries(order: Order) -> dict[str, str]:
    secret = order["secret"]
    id, signature = uuid.UUID(order["id"]).bytes, base64.urlsafe_b64decode(secret + "=")[16:]
    return {
        "truncated": secret[:-1],
        "longer": secret + "A",
        "padded": secret + "=",
        "last letter": secret[:-1] + ("A" if secret[-1] != "A" else "E"),
        "other case": secret.swapcase(),
        "unsigned": base64.urlsafe_b64encode(id + bytes(16)).decode().rstrip("="),
        "signature alone": base64.urlsafe_b64encode(signature).decode().rstrip("="),
        "the id": order["id"],
        "the reference": order["reference"],
        "nothing": "",
        "a quote": "'" * 43,
    }


@pytest.mark.parametrize("forgery", [
    "truncated", "longer", "padded", "last letter", "other case", "unsigned", "signature alone", "the id", "the reference",
    "nothing", "a quote",
])  # fmt: skip
def test_a_forged_secret_opens_nothing(database: Database, order: Order, forgery: str) -> None:
    forger = database.visitor(x_order_secret=forgeries(order)[forgery])
    with database.refuses("not_found", 404):
        forger.call("read_order", reference=order["reference"])
    assert forger.rows("select id from public.orders") == []


def test_the_secret_shows_the_rows_of_its_order_and_no_others(database: Database, order: Order) -> None:
    place_as_guest(database, *on_sale(database))
    opener = holding(database, order)
    for table in ("orders", "order_lines", "attendees"):
        column = "id" if table == "orders" else "order_id"
        assert opener.rows(f"select {column}::text from public.{table}") == [(order["id"],)]


def on_sale(db: Database) -> tuple[events.Event, uuid.UUID]:
    show = events.event(db)
    return show, events.ticket_type(db, show)


def test_the_secret_helps_someone_signed_in_as_well(database: Database, order: Order, ana: Person) -> None:
    opener = database.person(ana, x_order_secret=order["secret"])
    assert opener.call("read_order", reference=order["reference"])["reference"] == order["reference"]


def test_an_accounts_order_is_read_by_its_account_alone(database: Database, ana: Person, zoe: Person) -> None:
    order = place(database.person(ana), *on_sale(database))
    assert database.person(ana).call("read_order", reference=order["reference"])["id"] == order["id"]
    for function in CALLS:
        for stranger in (database.visitor(), database.person(zoe)):
            with database.refuses("not_found", 404):
                stranger.call(function, reference=order["reference"])


def test_the_team_reads_an_order_but_does_not_act_for_its_buyer(database: Database, omar: Person) -> None:
    show = events.event(database, organizer_id=events.organizer(database, owner=omar))
    order = place(database.visitor(), show, events.ticket_type(database, show), buyer=guest())
    assert database.person(omar).call("read_order", reference=order["reference"])["id"] == order["id"]
    for function in ("begin_checkout", "cancel_order"):
        with database.refuses("not_found", 404):
            database.person(omar).call(function, reference=order["reference"])
