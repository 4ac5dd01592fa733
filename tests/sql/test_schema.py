"""Migrations and policies: applied once and in order, as the role `postgres`; drift is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local.stack import Stack
from services.outside import schema

TABLE = "create table public.seats (id int); alter table public.seats enable row level security;"
POLICIES = """
grant select on public.seats to anon;
drop policy if exists everyone on public.seats;
create policy everyone on public.seats for select to anon using (true);
"""


@pytest.fixture
def url(stack: Stack) -> Iterator[str]:
    """An empty database of its own, owned by `postgres`."""
    with psycopg.connect(stack.settings.database_url(), autocommit=True) as owner:
        owner.execute("create database scratch")
        yield stack.settings.database_url().removesuffix("/postgres") + "/scratch"
        owner.execute("drop database scratch with (force)")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A supabase folder with one migration and its policies."""
    (tmp_path / "migrations").mkdir()
    write_migration(tmp_path, "20260101000000_create_seats", TABLE)
    (tmp_path / "policies.sql").write_text(POLICIES)
    return tmp_path


def write_migration(source: Path, name: str, text: str) -> None:
    (source / "migrations" / f"{name}.sql").write_text(text)


def run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_each_migration_is_applied_once(url: str, source: Path) -> None:
    assert schema.push(url, source) == ["20260101000000_create_seats.sql"]
    assert schema.push(url, source) == []
    write_migration(source, "20260102000000_add_row", "alter table public.seats add row_name text;")
    assert schema.push(url, source) == ["20260102000000_add_row.sql"]
    assert schema.check(url, source) == []


def test_the_history_is_that_of_supabases_command(url: str, source: Path) -> None:
    schema.push(url, source)
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select version, name, statements from supabase_migrations.schema_migrations"
        )
        assert rows.fetchall() == [("20260101000000", "create_seats", [TABLE])]


def test_a_failing_migration_leaves_nothing_of_itself(url: str, source: Path) -> None:
    write_migration(source, "20260102000000_fail", "create table public.half (id int);\nselect nothing;")
    with pytest.raises(schema.SchemaError, match=r"20260102000000_fail\.sql, line 2: column .nothing."):
        schema.push(url, source)
    assert schema.check(url, source) == ["20260102000000_fail.sql is not applied."]
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("select from public.half")


def test_a_database_never_pushed_to_lacks_everything(url: str, source: Path) -> None:
    assert schema.check(url, source) == ["20260101000000_create_seats.sql is not applied."]


def test_edited_and_lost_files_are_told(url: str, source: Path) -> None:
    schema.push(url, source)
    write_migration(source, "20260101000000_create_seats", TABLE + "select 1;")
    assert schema.check(url, source) == ["20260101000000_create_seats.sql was changed after it was applied."]
    (source / "migrations" / "20260101000000_create_seats.sql").unlink()
    assert schema.check(url, source) == ["Migration 20260101000000 is applied, but its file is missing."]


def test_what_supabases_command_split_counts_as_the_same(url: str, source: Path) -> None:
    schema.push(url, source)
    run(
        url,
        """update supabase_migrations.schema_migrations set statements = array[
          'create table public.seats (id int)', 'alter table public.seats enable row level security'
        ] where true""",
    )
    assert schema.check(url, source) == []


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("grant update on public.seats to anon", "Only in the database: UPDATE on public.seats to anon"),
        (
            "grant select (id) on public.seats to authenticated",
            "Only in the database: SELECT (id) on public.seats",
        ),
        (
            "create policy more on public.seats for delete to anon using (true)",
            "Only in the database: policy more",
        ),
        ("alter policy everyone on public.seats using (id > 0)", "Only in policies.sql: policy everyone"),
        ("revoke select on public.seats from anon", "Only in policies.sql: SELECT on public.seats to anon"),
        ("alter table public.seats disable row level security", "Only in policies.sql: row-level security"),
    ],
)
def test_grants_and_policies_edited_elsewhere_are_told(url: str, source: Path, edit: str, told: str) -> None:
    """policies.sql takes back what it does not grant, so that every edit shows."""
    restated = "revoke all on all tables in schema public from anon, authenticated;\n"
    restated += "alter table public.seats enable row level security;\n"
    restated += "drop policy if exists more on public.seats;\n" + POLICIES
    (source / "policies.sql").write_text(restated)
    schema.push(url, source)
    run(url, edit)
    assert any(line.startswith(told) for line in schema.check(url, source))
    schema.push(url, source)
    assert schema.check(url, source) == []


def test_sample_data_is_put_in_once(url: str, source: Path) -> None:
    schema.push(url, source)
    seed = source / "seed.sql"
    seed.write_text("insert into public.seats values (1);")
    assert schema.seed(url, seed)
    assert not schema.seed(url, seed)


def test_a_busy_table_is_named(url: str, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.push(url, source)
    monkeypatch.setattr(schema, "LOCK_ATTEMPTS", 1)
    with psycopg.connect(url) as busy:
        busy.execute("lock table public.seats in access exclusive mode")
        with pytest.raises(schema.SchemaError, match="other transactions hold its tables"):
            schema.push(url, source)
