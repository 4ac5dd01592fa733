"""One's own profile, what is held about one, and being forgotten."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.database import Database, Person
from tests.sql import events
from tests.sql.attempts import Attempt, giving_back
from tests.sql.crowd import Crowd, answer
from tests.sql.orders import HOLD, guest, paid, payment, place, place_as_guest, settle, state
from tests.waiting import eventually


def test_a_profile_is_edited_field_by_field(database: Database, ana: Person) -> None:
    me = database.person(ana)
    before = me.call("read_me")
    after = me.call("update_me", changes={"location": "  Gent ", "target_languages": ["nl", "de"]})
    assert after == {**before, "location": "Gent", "target_languages": ["de", "nl"]}
    assert me.call("update_me", changes={"location": None})["location"] is None
    assert me.call("update_me", changes={})["target_languages"] == ["de", "nl"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("display_name", "", "display_name_missing"),
        ("display_name", None, "display_name_missing"),
        ("display_name", "é" * 81, "display_name_too_long"),
        ("location", "x" * 121, "location_too_long"),
        ("locale", "de", "locale_unknown"),
        ("locale", None, "locale_unknown"),
        ("native_languages", [], "native_language_missing"),
        ("target_languages", ["xx"], "target_language_missing"),
        ("birth_date", "1980-01-01", "birth_date_fixed"),
        ("birth_date", None, "birth_date_fixed"),
    ],
)
def test_an_edit_obeys_the_rules_of_sign_up(
    database: Database, ana: Person, field: str, value: Any, code: str
) -> None:
    me = database.person(ana)
    before = me.call("read_me")
    with database.refuses("profile_refused", 422) as refusal:
        me.call(
            "update_me",
            changes={field: value, "location": "Elsewhere"} if field != "location" else {field: value},
        )
    assert refusal.detail == {"errors": [{"field": field, "code": code}]}
    assert me.call("read_me") == before


def test_the_same_birth_date_may_be_sent_back(database: Database, ana: Person) -> None:
    me = database.person(ana)
    assert me.call("update_me", changes={"birth_date": "1990-05-17"})["birth_date"] == "1990-05-17"


def test_a_picture_lies_stored_in_its_persons_folder(database: Database, ana: Person, zoe: Person) -> None:
    me = database.person(ana)
    path, hers = (f"{person.id}/{uuid.uuid4().hex}.webp" for person in (ana, zoe))
    for stored in (path, hers, "x.webp"):
        database.rows(
            "insert into storage.objects (bucket_id, name) values ('avatars', %s) returning name", [stored]
        )
    assert me.call("set_avatar", path=path)["avatar_path"] == path
    for wrong in (
        hers,
        "x.webp",
        f"{ana.id}/../{zoe.id}/x.webp",
        f"{ana.id}/",
        f"{ana.id}/never-stored.webp",
    ):
        with database.refuses("avatar_path_invalid", 422):
            me.call("set_avatar", path=wrong)
    assert me.call("set_avatar", path=None)["avatar_path"] is None


def test_an_export_holds_everything_about_one_and_nothing_of_others(
    database: Database, ana: Person, zoe: Person
) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    order = paid(database, place(database.person(ana, **database.at("192.0.2.7")), show, seat))
    place(database.person(zoe), show, seat)
    export = database.person(ana).call("export_me")
    assert export["profile"]["email"] == ana.email
    assert [each["reference"] for each in export["orders"]] == [order["reference"]]
    assert [each["kind"] for each in export["deliveries"]] == ["order_confirmed"]
    assert [each["address"] for each in export["order_requests"]] == ["192.0.2.7"]
    assert "order.placed" in [each["action"] for each in export["audit_entries"]]
    assert zoe.email not in json.dumps(export)


def test_erasure_leaves_papers_without_the_person(database: Database, ana: Person) -> None:
    show = events.event(database, asks_phone=True)
    seat = events.ticket_type(database, show)
    me = database.person(ana, **database.at("192.0.2.7"))
    order = me.call(
        "place_order",
        event_id=show.id,
        lines=[
            {
                "ticket_type_id": str(seat),
                "quantity": 1,
                "attendees": [{"name": "Ana Lima", "email": ana.email}],
            }
        ],
        buyer={"name": "Ana Lima", "phone": "+32 470 12 34 56"},
    )
    paid(database, order)
    assert me.call("erase_me") == {"erased": True}
    assert database.value("select count(*) from auth.users where id = %s", [ana.id]) == 0
    assert database.value("select count(*) from public.profiles where user_id = %s", [ana.id]) == 0
    kept = database.rows(
        """select to_jsonb(orders),
             (select jsonb_agg(attendees) from public.attendees where order_id = orders.id),
             (select jsonb_agg(deliveries) from public.deliveries where order_id = orders.id),
             (select jsonb_agg(order_requests) from private.order_requests where order_id = orders.id)
           from public.orders where id = %s""",
        [order["id"]],
    )
    text = json.dumps(kept)
    for trace in (ana.email, "Ana", "Lima", "192.0.2.7", "470 12"):
        assert trace not in text
    assert kept[0][0]["total_cents"] == kept[0][0]["paid_cents"] == 1000
    assert kept[0][0]["status"] == "confirmed"
    assert [each["status"] for each in kept[0][2]] == ["dead"]
    assert database.value("select public.check_pools()") == []


def test_erasure_waits_for_held_seats(database: Database, ana: Person) -> None:
    show = events.event(database)
    order = place(database.person(ana), show, events.ticket_type(database, show))
    with database.refuses("order_pending", 409):
        database.person(ana).call("erase_me")
    database.person(ana).call("cancel_order", reference=order["reference"])
    database.person(ana).call("erase_me")


def erasing(person: Person) -> Attempt:
    return lambda db: db.person(person).call("erase_me")


def test_erasure_waits_for_an_order_that_is_being_placed(crowd: Crowd) -> None:
    show = crowd.event()
    seat = events.ticket_type(crowd.owner, show)
    ana = crowd.owner.sign_up("Ana")
    buying, leaving = crowd.callers.take(3)[1:]
    with ThreadPoolExecutor(1) as threads:
        with buying.connection.transaction():
            place(buying.person(ana), show, seat)
            erased = threads.submit(answer, erasing(ana), leaving)
            pid = leaving.connection.info.backend_pid
            while not crowd.owner.value("select pg_blocking_pids(%s) <> '{}'", [pid]):
                pass
        assert erased.result() == "order_pending"
    assert crowd.owner.value("select buyer_id from public.orders where event_id = %s", [show.id]) == ana.id


def test_erasure_ends_lapsed_holds(database: Database, ana: Person, zoe: Person) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    for person in (ana, zoe):
        place(database.person(person), show, seat)
    database.move_clock(HOLD)
    for person in (ana, zoe):
        database.person(person).call("erase_me")
    assert events.pool(database, show) == (0, 0)


def test_erasure_offers_no_seats_to_its_person(database: Database, ana: Person) -> None:
    show = events.event(database, capacity=2)
    seat = events.ticket_type(database, show)
    place(database.person(ana), show, seat, 2)
    database.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
    database.move_clock(HOLD)
    database.person(ana).call("erase_me")
    assert events.pool(database, show) == (0, 0)


def in_line(db: Database, show: events.Event, seat: uuid.UUID) -> Any:
    return db.call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)


@pytest.mark.parametrize("attempt", [place, in_line])
def test_whoever_is_being_erased_neither_buys_nor_waits(crowd: Crowd, attempt: Callable[..., Any]) -> None:
    show = crowd.event(capacity=1)
    seat = events.ticket_type(crowd.owner, show)
    if attempt is in_line:
        place(crowd.owner.visitor(), show, seat, buyer=guest())
    ana = crowd.owner.sign_up("Ana")
    events.organizer(crowd.owner, owner=crowd.owner.sign_up("Omar"), door=ana)
    leaving, asking, holding_up = crowd.callers.take(4)[1:]
    with ThreadPoolExecutor(2) as threads:
        with holding_up.connection.transaction():
            # Erasure stops where it takes her out of her team: past its checks, before its end.
            mine = "select from public.organizer_members where user_id = %s for update"
            holding_up.connection.execute(mine, [ana.id])
            gone = threads.submit(leaving.person(ana).call, "erase_me")
            eventually(lambda: is_held_up(crowd.owner, leaving))
            asked = threads.submit(answer, lambda db: attempt(db.person(ana), show, seat), asking)
            eventually(lambda: is_held_up(crowd.owner, asking))
        assert (gone.result(), asked.result()) == ({"erased": True}, "signed_out")


def is_held_up(owner: Database, db: Database) -> bool:
    blocked: bool = owner.value("select pg_blocking_pids(%s) <> '{}'", [db.connection.info.backend_pid])
    return blocked


def test_erasure_and_seats_that_come_free_wait_for_each_other(crowd: Crowd) -> None:
    for _ in range(10):
        show = crowd.event(capacity=1)
        seat = events.ticket_type(crowd.owner, show)
        order = place_as_guest(crowd.owner, show, seat)
        ana = crowd.owner.sign_up("Ana")
        crowd.owner.person(ana).call("join_waitlist", event_id=show.id, ticket_type_id=seat, quantity=1)
        answers = crowd.rush([giving_back(order), erasing(ana)])
        # Whoever was offered the seat first has to give it back before they are forgotten.
        assert answers in (["cancelled", {"erased": True}], ["cancelled", "order_pending"])
        held = int(answers[1] == "order_pending")
        assert events.pool(crowd.owner, show) == (held, 0)


def test_erasure_withdraws_what_waits_for_a_yes(database: Database, ana: Person, zoe: Person) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, requires_approval=True)
    asked = [place(database.person(person), show, seat) for person in (ana, zoe)]
    for person in (ana, zoe):
        database.person(person).call("erase_me")
    assert {state(database, order)[:2] for order in asked} == {("cancelled", "given_back")}


def test_an_address_that_waits_twice_for_a_yes_is_confirmed(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, requires_approval=True)
    gus = guest()
    place(database.visitor(), show, seat, buyer=gus)
    person = database.sign_up("Gus", email=gus["email"], confirmed=False)
    place(database.person(person), show, seat)
    database.rows("update auth.users set email_confirmed_at = now() where id = %s", [person.id])
    assert len(database.person(person).call("list_orders")["orders"]) == 1


def test_the_last_owner_stays(database: Database, omar: Person, zoe: Person) -> None:
    team = events.organizer(database, owner=omar, manager=zoe)
    with database.refuses("last_owner", 409):
        database.person(omar).call("erase_me")
    database.person(zoe).call("erase_me")
    rita = database.sign_up("Rita")
    events.insert(database, "organizer_members", organizer_id=team, user_id=rita.id, role="owner")
    database.person(omar).call("erase_me")


def test_a_confirmed_address_adopts_what_it_bought_as_a_guest(database: Database) -> None:
    show = events.event(database)
    gus = guest()
    order = paid(database, place(database.visitor(), show, events.ticket_type(database, show), buyer=gus))
    person = database.sign_up("Gus", email=gus["email"].upper())
    assert database.person(person).call("read_order", reference=order["reference"])["guest"] is False
    assert len(database.person(person).call("list_orders")["orders"]) == 1


def test_orders_follow_their_account_to_its_new_address(database: Database, ana: Person, zoe: Person) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    order = place(database.person(ana), show, seat)
    place(database.person(zoe), show, seat)
    database.rows("update auth.users set email = 'Ana.Lima@example.org' where id = %s", [ana.id])
    paid(database, order)
    told = database.rows("select recipient from public.deliveries where kind = 'order_confirmed'")
    assert told == [("ana.lima@example.org",)]
    kept = database.rows("select buyer_email from public.orders where event_id = %s order by 1", [show.id])
    assert kept == [("ana.lima@example.org",), (zoe.email,)]


def test_an_unconfirmed_address_adopts_nothing_until_it_is_confirmed(database: Database) -> None:
    show = events.event(database)
    gus = guest()
    order = place(database.visitor(), show, events.ticket_type(database, show), buyer=gus)
    person = database.sign_up("Gus", email=gus["email"], confirmed=False)
    me = database.person(person)
    with database.refuses("not_found", 404):
        me.call("read_order", reference=order["reference"])
    assert me.call("list_orders")["orders"] == []
    database.rows("update auth.users set email_confirmed_at = now() where id = %s", [person.id])
    assert me.call("read_order", reference=order["reference"])["reference"] == order["reference"]


def test_a_second_hold_for_the_same_event_is_not_adopted(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show)
    gus = guest()
    place(database.visitor(), show, seat, buyer=gus)
    person = database.sign_up("Gus", email=gus["email"], confirmed=False)
    own = place(database.person(person), show, seat)
    database.rows("update auth.users set email_confirmed_at = now() where id = %s", [person.id])
    listed = database.person(person).call("list_orders")["orders"]
    assert [each["reference"] for each in listed] == [own["reference"]]


def test_an_adopted_order_still_opens_by_its_link(database: Database) -> None:
    show = events.event(database)
    gus = guest()
    order = place(database.visitor(), show, events.ticket_type(database, show), buyer=gus)
    database.sign_up("Gus", email=gus["email"])
    found = database.visitor(x_order_secret=order["secret"]).call("read_order", reference=order["reference"])
    assert found["reference"] == order["reference"]


def test_money_that_comes_for_an_erased_person_is_still_settled(database: Database, ana: Person) -> None:
    show = events.event(database)
    order = place(database.person(ana), show, events.ticket_type(database, show))
    database.move_clock(HOLD + timedelta(seconds=1))
    database.person(ana).call("erase_me")
    assert settle(database, payment(database, order)) == "seated_again"
