"""The check that can be run any time: pools equal orders, and a forged counter is told."""

from __future__ import annotations

import psycopg
import pytest

from local.stack import Stack
from tests.database import Database
from tests.sql import events
from tests.sql.orders import place_as_guest


@pytest.fixture
def superuser(stack: Stack, database: Database) -> str:
    return stack.settings.database_url("supabase_admin")


def test_pools_equal_orders(database: Database) -> None:
    show = events.event(database)
    place_as_guest(database, show, events.ticket_type(database, show, capacity=4), 3)
    assert database.service().call("check_pools") == []


def test_a_forged_counter_is_told(superuser: str) -> None:
    with psycopg.connect(superuser) as connection, connection.transaction(force_rollback=True):
        forger = Database(connection)
        show = events.event(forger)
        seat = events.ticket_type(forger, show, capacity=4)
        place_as_guest(forger, show, seat, 3)
        connection.execute("set local session_replication_role = replica") # no triggers: only a superuser may
        connection.execute("update public.pools set held = 2, sold = 1 where ticket_type_id = %s", [seat])
        connection.execute("set local session_replication_role = origin")
        drift = forger.service().call("check_pools")
        assert [(each["ticket_type_id"], each["held"], each["held_by_orders"]) for each in drift] == [(str(seat), 2, 3)]
        assert [(each["sold"], each["sold_by_orders"]) for each in drift] == [(1, 0)]


def test_nobody_else_may_work_without_triggers(database: Database) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.rows("set local session_replication_role = replica")
