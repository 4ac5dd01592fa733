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
        ("alter policy everyone on public.seats using (id > 0)", "Changed in the database: policy everyone"),
        (
            "revoke select on public.seats from anon",
            "Missing in the database: SELECT on public.seats to anon",
        ),
        (
            "alter table public.seats disable row level security",
            "Changed in the database: table public.seats",
        ),
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


RESTATED = "create or replace function public.seats_left() returns int language sql as 'select {}'"
SCHEMA = """
create schema private;
create table public.seats (id int check (id > 0), row_name text default 'A');
alter table public.seats enable row level security;
create index seats_by_row on public.seats (row_name);
create type public.kind as enum ('seat', 'stand');
create view public.rows with (security_invoker = on) as select row_name from public.seats;
create function public.seats_left() returns int language sql as 'select 7';
create function public.note() returns trigger language plpgsql as 'begin return new; end';
create trigger note after insert on public.seats for each row execute function public.note();
"""


BY_HAND = (
    ("create table public.more (id int)", "Only in", "table public.more (row-level security off)"),
    ("alter table public.seats add price int", "Only in", "column public.seats.price (integer)"),
    ("alter table public.seats drop row_name cascade", "Missing in", "column public.seats.row_name"),
    ("alter table public.seats alter id type bigint", "Changed in", "column public.seats.id"),
    ("alter table public.seats alter row_name drop default", "Changed in", "column public.seats.row_name"),
    ("alter table public.seats drop constraint seats_id_check", "Missing in", "constraint seats_id_check"),
    ("drop index public.seats_by_row", "Missing in", "index public.seats_by_row on public.seats"),
    ("alter type public.kind add value 'box'", "Changed in", "type public.kind: seat, stand, box"),
    ("alter view public.rows reset (security_invoker)", "Changed in", "view public.rows"),
    (RESTATED.format(8), "Changed in", "function public.seats_left()"),
    ("alter function public.seats_left() security definer", "Changed in", "function public.seats_left()"),
    (
        RESTATED.format(7).replace("left", "right"),
        "Only in",
        "EXECUTE on function public.seats_right() to public",
    ),
    (
        "grant execute on function public.seats_left() to anon",
        "Only in",
        "EXECUTE on function public.seats_left() to anon",
    ),
    ("alter table public.seats disable trigger note", "Changed in", "trigger note on public.seats"),
    ("create policy mine on public.seats", "Only in", "policy mine on public.seats (permissive"),
    ("grant usage on schema private to anon", "Only in", "USAGE on schema private to anon"),
    (
        "alter default privileges in schema public grant select on tables to anon",
        "Only in",
        "SELECT by default on r made by postgres in public to anon",
    ),
)


@pytest.mark.parametrize(("edit", "how", "what"), BY_HAND)
def test_what_was_changed_by_hand_is_told_until_it_is_mended(
    url: str, source: Path, edit: str, how: str, what: str
) -> None:
    """A push that does not touch it does not cover it up."""
    write_migration(source, "20260101000000_create_seats", SCHEMA)
    (source / "policies.sql").write_text("select 1;")
    schema.push(url, source)
    run(url, edit)
    write_migration(source, "20260102000000_add_table", "create table public.others (id int);")
    for _ in range(2):
        schema.push(url, source)
        found = schema.check(url, source)
        assert [line for line in found if line.startswith(f"{how} the database: {what}")], found
        assert not [line for line in found if "others" in line]


def test_what_a_migration_replaces_is_as_it_should_be(url: str, source: Path) -> None:
    write_migration(source, "20260102000000_create_function", RESTATED.format(7))
    schema.push(url, source)
    run(url, RESTATED.format(8))
    assert schema.check(url, source)
    write_migration(source, "20260103000000_restate_function", RESTATED.format(9))
    schema.push(url, source)
    assert schema.check(url, source) == []


def test_a_person_may_accept_what_differs(url: str, source: Path) -> None:
    schema.push(url, source)
    run(url, "create table public.more (id int)")
    assert schema.check(url, source)
    schema.accept(url)
    assert schema.check(url, source) == []


def test_a_database_that_was_never_written_down_says_so(url: str, source: Path) -> None:
    schema.push(url, source)
    run(url, "drop table supabase_migrations.inventory")
    assert schema.check(url, source) == [
        "What the database consists of was never written down: run flask db push."
    ]
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
