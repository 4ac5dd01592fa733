"""The model of orders is worth its time only if it notices: faults are planted, and each must be found."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.database import Database
from tests.sql.test_model import PROFILE, lives_of
from tests.sql.world import World

PATIENCE = settings(PROFILE, max_examples=250, print_blob=False)

FAULTS = {
    "seats are not given back on partial cancellation": (
        "private.move_seats_of_attendees", "where seat.change <> 0", "where seat.change > 0",
    ),
    "offers ignore the order of the line": (
        "private.serve_line", "order by waiting.line_number", "order by waiting.line_number desc"
    ),
    "a larger party blocks those behind it": (
        "private.serve_line", "where level.seats >= waiting.quantity", "where true",
    ),
    "refunds are not counted": (
        "private.sum_payments",
        "coalesce(-sum(money.amount_cents)", "coalesce(0 * sum(money.amount_cents)",
    ),
    "late payments are seated without room": (
        "private.take_money", "private.seats_are_free(take_money.placed) and", "",
    ),
    "a code is used once too often": (
        "private.is_used_up", ">= is_used_up.code.max_uses", "> is_used_up.code.max_uses",
    ),
    "a second payment is kept": (
        "private.take_money", "perform private.request_refund(take_money.payment, 'paid_twice');", "",
    ),
    "seats go before their money": (
        "private.go_on_cancelling", "and payments.stripe_refund_id is null", "and false",
    ),
    "seats that come free are not offered": ("private.shift_seats", "if v_frees then", "if false then"),
}  # fmt: skip


@pytest.fixture
def world(postgres_url: str) -> Iterator[World]:
    with psycopg.connect(postgres_url) as connection, connection.transaction(force_rollback=True):
        yield World(Database(connection))


def plant(db: Database, function: str, sound: str, faulty: str) -> None:
    source = db.value("select pg_get_functiondef(%s::regproc)", [function])
    assert source.count(sound) == 1
    db.rows(source.replace(sound, faulty).encode())


@pytest.mark.parametrize("fault", FAULTS)
def test_the_model_notices_that(world: World, fault: str) -> None:
    plant(world.db, *FAULTS[fault])
    with pytest.raises((AssertionError, psycopg.Error, BaseExceptionGroup)):
        run_state_machine_as_test(lives_of(world), settings=PATIENCE)
