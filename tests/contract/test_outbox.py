"""From the commit that confirms an order to the mail in the inbox: Postgres, worker, Resend's API."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from apiflask import APIFlask
from psycopg.types.json import Jsonb

from local.settings import PORTS, Settings
from local.stack import Stack
from services.deliveries import send_due_deliveries
from tests.application import app_for
from tests.database import Database

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of its own: a worker of another test would send what this one wants to see waiting."""
    state = Path(tempfile.mkdtemp(prefix="guichet-outbox-"))
    state.chmod(0o711)
    settings = Settings.read({"GUICHET_STATE": str(state), **dict.fromkeys(PORTS, "0")}, durable=False)
    with Stack(settings, without={"web", "worker", "stripe"}, seed=False) as running:
        yield running
    running.cluster.remove()
    shutil.rmtree(state)


@pytest.fixture(scope="module")
def app(stack: Stack) -> Iterator[APIFlask]:
    app = app_for(stack)
    with app.app_context():
        yield app


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    with psycopg.connect(stack.settings.database_url(), autocommit=True) as connection:
        yield Database(connection)


@pytest.fixture
def recipient(stack: Stack, database: Database) -> Iterator[str]:
    """The address of a guest who has just confirmed a free order; nothing else is in the outbox."""
    database.rows("update public.deliveries set status = 'dead' where status in ('queued', 'sending')")
    httpx.delete(f"{stack.settings.inbox_url}/_inbox/failures")
    address = f"gaston.{uuid.uuid4().hex[:8]}@example.org"
    confirm_a_free_order(database, address)
    yield address
    httpx.delete(f"{stack.settings.inbox_url}/_inbox/failures")


def confirm_a_free_order(database: Database, address: str) -> None:
    name = uuid.uuid4().hex[:8]
    organizer = database.value(
        "insert into public.organizers (slug, name) values (%s, 'Tandem Lyon') returning id",
        [f"tandem-{name}"],
    )
    event = database.value(
        """insert into public.events (organizer_id, policy_id, slug, title, language_code, timezone,
             starts_at, ends_at, capacity, currency, status, published_at)
           select %s, id, %s, 'Free & open: conversation in French', 'fr', 'Europe/Paris',
             now() + interval '3 days', now() + interval '3 days 2 hours', 20, 'EUR', 'published', now()
           from public.event_policies where key = 'masterclass' returning id""",
        [organizer, f"conversation-{name}"],
    )
    ticket_type = database.value(
        "insert into public.ticket_types (event_id, name, price_cents) values (%s, 'Entry', 0) returning id",
        [event],
    )
    line = {
        "ticket_type_id": str(ticket_type),
        "quantity": 1,
        "attendees": [{"name": "Gaston", "email": address}],
    }
    visitor = database.visitor(**database.at(f"10.9.{name[:2]}.1"))
    order = visitor.call(
        "place_order",
        event_id=event,
        lines=Jsonb([line]),
        buyer={"name": "Gaston Léo", "email": address},
        locale="fr",
    )
    database.visitor(x_order_secret=order["secret"]).call("begin_checkout", reference=order["reference"])


def mails_to(stack: Stack, recipient: str, wait: float = 0) -> list[dict[str, Any]]:
    query = {"to": recipient, "wait": str(wait)}
    answer = httpx.get(f"{stack.settings.inbox_url}/_inbox/messages", params=query, timeout=wait + 5)
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found


def plan(stack: Stack, **failure: Any) -> None:
    httpx.post(f"{stack.settings.inbox_url}/_inbox/failures", json=failure).raise_for_status()


def state(database: Database, recipient: str) -> tuple[Any, ...]:
    (row,) = database.rows(
        "select status::text, attempts, provider_id is not null from public.deliveries where recipient = %s",
        [recipient],
    )
    return row


def make_due(database: Database) -> None:
    """Let leases lapse and pauses end."""
    database.rows(
        """update public.deliveries set next_attempt_at = now(), lease_until = now() - interval '1 second'
           where status in ('queued', 'sending')"""
    )


def test_a_confirmed_order_is_mailed_once(
    app: APIFlask, stack: Stack, database: Database, recipient: str
) -> None:
    assert send_due_deliveries() == 1
    assert send_due_deliveries() == 0
    (message,) = mails_to(stack, recipient)
    assert message["to"] == [f"Gaston Léo <{recipient}>"]
    assert message["subject"] == "Commande confirmée : Free & open: conversation in French"
    assert "Votre place est confirmée." in message["text"]
    assert any("/access?key=" in link for link in message["links"])
    assert state(database, recipient) == ("sent", 1, True)


@pytest.mark.parametrize(
    "failure",
    [
        {"kind": "throttled", "retry_after": 1},
        {"kind": "server_error"},
        {"kind": "timeout_before", "seconds": 0.1},
        {"kind": "timeout_after", "seconds": 0.1},
    ],
    ids=lambda failure: failure["kind"],
)
def test_bad_luck_delays_a_mail_and_never_doubles_it(
    app: APIFlask, stack: Stack, database: Database, recipient: str, failure: dict[str, Any]
) -> None:
    plan(stack, **failure)
    send_due_deliveries()
    assert state(database, recipient) == ("queued", 1, False)
    make_due(database)
    time.sleep(1.1)  # as long as the throttling lasts
    send_due_deliveries()
    assert len(mails_to(stack, recipient)) == 1
    assert state(database, recipient) == ("sent", 2, True)


def test_a_worker_killed_while_sending_leaves_a_mail_that_is_sent_once(
    app: APIFlask, stack: Stack, database: Database, recipient: str
) -> None:
    plan(stack, kind="timeout_after", seconds=30)  # the mail is taken, and the worker never learns it
    environment = os.environ | stack.settings.app_environment()
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "work"], cwd=ROOT, env=environment
    )
    assert mails_to(stack, recipient, wait=20)
    worker.kill()
    worker.wait()
    assert state(database, recipient) == ("sending", 1, False)
    make_due(database)
    assert send_due_deliveries() == 1
    assert len(mails_to(stack, recipient)) == 1
    assert state(database, recipient) == ("sent", 2, True)
