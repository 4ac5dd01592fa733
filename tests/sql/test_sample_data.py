"""The sample data: loads through the same triggers as real life, and is as good on any day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.database import Database

SEED = Path(__file__).parents[2] / "supabase" / "seed.sql"


@pytest.fixture(scope="module")
def sample(connection: psycopg.Connection) -> Iterator[Database]:
    """The sample data, loaded once and only read; gone after these tests."""
    with connection.transaction(force_rollback=True):
        database = Database(connection)
        database.rows(SEED.read_text())
        yield database


def test_pools_equal_orders(sample: Database) -> None:
    assert sample.value("select public.check_pools()") == []
    assert sample.value("select count(*) from public.orders where status = 'confirmed'") > 400


def test_everything_on_show_is_still_to_come(sample: Database) -> None:
    assert sample.value(
        "select min(starts_at) > now() + interval '3 hours' from public.events where status = 'published'"
    )
    assert sample.value("select max(ends_at) < now() from public.events where status = 'completed'")


def test_meetups_obey_their_policy(sample: Database) -> None:
    assert not sample.rows(
        """select events.slug from public.events
        inner join public.event_policies on event_policies.id = events.policy_id
        where event_policies.key = 'meetup' and (events.ends_at - events.starts_at <> event_policies.duration
            or (events.starts_at at time zone events.timezone)::time
                not between event_policies.earliest_start and event_policies.latest_start
            or events.starts_at - events.published_at
                not between event_policies.min_lead_time and event_policies.max_lead_time)"""
    )


def test_no_mail_is_due_and_no_hold_is_left(sample: Database) -> None:
    status = sample.value("select public.job_status()")
    assert status["outbox"]["due"] == 0
    assert status["lapsed_holds"] == status["refunds_due"] == status["checkouts_to_close"] == 0


def test_the_clock_is_right_again(sample: Database) -> None:
    assert sample.value("select private.now() = now()")


def test_every_discount_was_given_to_someone(sample: Database) -> None:
    given = sample.value("select array_agg(distinct word) from public.order_lines, unnest(applied) as word")
    assert sorted(given) == ["early_bird", "group"]
