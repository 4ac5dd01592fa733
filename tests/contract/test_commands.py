"""The commands of `flask db`, against the stack's own Postgres."""

from __future__ import annotations

import psycopg
import pytest
from apiflask import APIFlask
from click.testing import Result

from local.stack import Stack
from tests.application import app_for


@pytest.fixture(scope="module")
def app(stack: Stack) -> APIFlask:
    return app_for(stack)


def run(app: APIFlask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["db", *words])


def test_pushing_again_applies_nothing_and_leaves_no_difference(app: APIFlask) -> None:
    pushed = run(app, "push")
    assert pushed.exit_code == 0
    assert "Applied" not in pushed.output
    checked = run(app, "check")
    assert (checked.exit_code, checked.output) == (0, "")


@pytest.mark.parametrize("table", ["storage.objects", "storage.buckets", "realtime.messages"])
def test_a_policy_on_supabases_own_tables_is_told_and_goes_with_the_next_push(
    app: APIFlask, stack: Stack, table: str
) -> None:
    with psycopg.connect(stack.settings.database_url(), autocommit=True) as owner:
        owner.execute(f"create policy mine on {table} for all to anon using (true)".encode())
    checked = run(app, "check")
    assert checked.exit_code == 1
    assert checked.output.startswith(f"Only in the database: policy mine on {table} (")
    assert run(app, "push").exit_code == 0
    assert run(app, "check").exit_code == 0


def test_what_was_changed_by_hand_may_be_accepted(app: APIFlask, stack: Stack) -> None:
    with psycopg.connect(stack.settings.database_url(), autocommit=True) as owner:
        owner.execute("create table public.by_hand (id int)")
        assert run(app, "check").exit_code == 1
        assert run(app, "accept").exit_code == 0
        assert run(app, "check").exit_code == 0
        owner.execute("drop table public.by_hand")
    assert run(app, "accept").exit_code == 0


def test_the_database_learns_a_new_secret_key_by_a_push(stack: Stack) -> None:
    renewed = app_for(stack, secret_key="another secret, as long as the first one was")
    checked = run(renewed, "check")
    assert (checked.exit_code, "run flask db push" in checked.output) == (1, True)
    assert run(renewed, "push").exit_code == 0
    assert run(renewed, "check").exit_code == 0
    assert run(app_for(stack), "push").exit_code == 0  # what other tests count on


def test_a_database_that_is_away_is_told_without_a_trace(stack: Stack) -> None:
    failed = run(app_for(stack, database_url="postgresql://postgres@127.0.0.1:9/postgres"), "push")
    assert failed.exit_code == 1
    assert failed.output.startswith("Error: The database cannot be reached")
