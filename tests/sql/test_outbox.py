"""The outbox: written with the change it tells of, frozen before it is sent, never untold by later news."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import Order, guest, paid, place, place_as_guest


@pytest.fixture
def order(database: Database) -> Order:
    show = events.event(database)
    return paid(database, place_as_guest(database, show, events.ticket_type(database, show)))


def claim(db: Database, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = db.service().call("claim_deliveries", **arguments)
    return found


def record(db: Database, claimed: dict[str, Any], outcome: str, **more: Any) -> Any:
    return db.service().call(
        "record_delivery",
        delivery_id=claimed["id"],
        lease_token=claimed["lease_token"],
        outcome=outcome,
        **more,
    )


def tell(db: Database, event: str, provider_id: str = "re_1") -> bool:
    answer = db.service().call(
        "record_delivery_event", provider_id=provider_id, event=event, occurred_at="2026-11-20T12:00Z"
    )
    known: bool = answer["known"]
    return known


def status(db: Database, order: Order) -> str:
    found: str = db.value("select status from public.deliveries where order_id = %s", [order["id"]])
    return found


def test_a_confirmation_says_everything_and_opens_the_guests_order(database: Database, order: Order) -> None:
    mail = claim(database)[0]
    assert (mail["kind"], mail["recipient"], mail["attempt"]) == (
        "order_confirmed",
        order["buyer"]["email"],
        1,
    )
    assert mail["idempotency_key"] == f"delivery:{mail['id']}"
    assert mail["data"]["site_path"] == f"/orders/{order['reference']}/access?key={order['secret']}"
    assert mail["data"]["order"]["status"] == "confirmed"
    assert mail["data"]["order"]["event"]["title"] == order["event"]["title"]


def test_someone_with_an_account_gets_a_plain_link(database: Database, ana: Person) -> None:
    show = events.event(database)
    order = paid(database, place(database.person(ana), show, events.ticket_type(database, show), locale="fr"))
    mail = claim(database)[0]
    assert mail["data"]["site_path"] == f"/orders/{order['reference']}"
    assert (mail["recipient"], mail["recipient_name"], mail["locale"]) == (ana.email, "Ana", "fr")


def test_nothing_is_mailed_when_the_change_is_undone(database: Database) -> None:
    show = events.event(database)
    order = place_as_guest(database, show, events.ticket_type(database, show, 0))
    savepoint = database.connection.transaction(force_rollback=True)
    with savepoint:
        database.visitor(x_order_secret=order["secret"]).call("begin_checkout", reference=order["reference"])
    assert claim(database) == []


def test_a_mail_is_claimed_by_one_worker_at_a_time(database: Database, order: Order) -> None:
    first = claim(database)[0]
    assert claim(database) == []
    database.rows("update public.deliveries set lease_until = now() - interval '1 second' where true")
    second = claim(database)[0]
    assert (second["id"], second["attempt"]) == (first["id"], 2)
    with database.refuses("lease_lost", 409):
        record(database, first, "sent", provider_id="re_1")
    record(database, second, "sent", provider_id="re_1")
    assert status(database, order) == "sent"
    assert claim(database) == []


def test_what_a_mail_says_is_frozen_when_it_is_first_claimed(database: Database, order: Order) -> None:
    first = claim(database)[0]
    record(database, first, "retry", error="timeout")
    events.edit(database, "events", order["event"]["id"], title="Something else")
    events.edit(database, "orders", order["id"], buyer_name="Somebody else")
    second = claim(database)[0]
    assert (second["data"], second["recipient_name"]) == (first["data"], first["recipient_name"])


def test_a_mail_is_tried_again_when_it_is_due(database: Database, order: Order) -> None:
    record(database, claim(database)[0], "retry", error="429", retry_after_seconds=60)
    assert claim(database) == []
    database.rows("update public.deliveries set next_attempt_at = now() where true")
    record(database, claim(database)[0], "dead", error="no such address")
    assert status(database, order) == "dead"
    assert claim(database) == []


def test_a_batch_is_as_large_as_asked(database: Database) -> None:
    show = events.event(database)
    seat = events.ticket_type(database, show, 0)
    for _ in range(3):
        order = place(database.visitor(), show, seat, buyer=guest())
        database.visitor(x_order_secret=order["secret"]).call("begin_checkout", reference=order["reference"])
    assert [len(claim(database, batch=2)), len(claim(database, batch=2))] == [2, 1]


@pytest.mark.parametrize(
    ("news", "ends"),
    [
        (["delivered"], "delivered"),
        (["bounced", "delivered"], "bounced"),
        (["delivered", "delivered"], "delivered"),
        (["delivered", "bounced"], "bounced"),
        (["delivered", "complained", "delivered"], "complained"),
        (["complained", "bounced"], "complained"),
        (["opened"], "sent"),
        ([], "sent"),
    ],
)
def test_news_never_take_a_bounce_back(database: Database, order: Order, news: list[str], ends: str) -> None:
    record(database, claim(database)[0], "sent", provider_id="re_1")
    for event in news:
        assert tell(database, event)
    assert status(database, order) == ends


def test_news_of_a_mail_that_is_not_ours_are_no_ones(database: Database, order: Order) -> None:
    assert not tell(database, "delivered", "re_unknown")


def notify(db: Database, **facts: Any) -> None:
    """A mail to somebody about a team."""
    team = events.organizer(db, "Tandem")
    someone = {"email": "gil@example.org", "name": "Gil", "locale": "fr"}
    db.rows("select private.queue_notice('news', %s, %s, %s)", [team, Jsonb(someone), Jsonb(facts)])


def test_a_mail_may_be_about_no_order(database: Database) -> None:
    show = events.event(database)
    notify(database, event_id=str(show.id), site_path="/somewhere?key=secret", why="because")
    mail = claim(database)[0]
    assert (mail["kind"], mail["recipient"], mail["locale"]) == ("news", "gil@example.org", "fr")
    assert (mail["data"]["organizer"]["name"], mail["data"]["event"]["slug"]) == ("Tandem", show.slug)
    assert (mail["data"]["site_path"], mail["data"]["why"]) == ("/somewhere?key=secret", "because")


@pytest.mark.parametrize(("outcome", "kept"), [("sent", 0), ("dead", 0), ("retry", 1)])
def test_a_link_is_forgotten_once_its_mail_is_out(database: Database, outcome: str, kept: int) -> None:
    notify(database, site_path="/somewhere?key=secret")
    record(database, claim(database)[0], outcome)
    assert database.value("select count(*) from public.deliveries where deliveries::text ~ 'secret'") == kept


def test_the_health_page_knows_what_waits(database: Database, order: Order) -> None:
    status = database.service().call("job_status")
    assert status["outbox"]["due"] == 1
    assert (status["lapsed_holds"], status["refunds_due"], status["checkouts_to_close"]) == (0, 0, 0)
