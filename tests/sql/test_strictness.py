"""The embedded database refuses what hosted Supabase refuses, and lets `postgres` do what it does there."""

from __future__ import annotations

import psycopg
import pytest

from local.stack import Stack
from services.outside import schema
from tests.database import Database

FORBIDDEN = (
    "create table auth.mine (id int)",
    "create table storage.mine (id int)",
    "create table realtime.mine (id int)",
    "alter table auth.users add column mine int",
    "alter table storage.objects add column mine int",
    "alter table storage.objects disable row level security",
    "alter table realtime.messages disable row level security",
    "drop table realtime.messages",
    "create function auth.mine() returns int language sql as 'select 1'",
    "set role supabase_admin",
    "set role supabase_auth_admin",
    "set role supabase_storage_admin",
    "alter role postgres superuser",
    "drop event trigger guard_changes",
)
ALLOWED = (
    "create policy mine on storage.objects for select to anon using (false)",
    "create policy mine on realtime.messages for select to anon using (false)",
    "create table public.mine (id uuid references auth.users)",
    "create table public.mine (id int); comment on table public.mine is 'mine'; drop table public.mine",
    "insert into storage.buckets (id, name) values ('mine', 'mine')",
    "create extension hstore with schema extensions",
)


def test_postgres_is_no_superuser(database: Database) -> None:
    powers = database.rows(
        "select rolsuper, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user"
    )
    assert powers == [(False, True, True)]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_supabase_keeps_its_own_schemas(database: Database, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.rows(statement)


@pytest.mark.parametrize("statement", ALLOWED)
def test_a_project_may_add_what_hosted_lets_it_add(database: Database, statement: str) -> None:
    database.rows(statement.encode())


def test_a_trigger_may_hang_on_new_users(database: Database) -> None:
    database.rows(
        b"""create function private.mine() returns trigger language plpgsql as 'begin return new; end';
        create trigger mine after insert on auth.users for each row execute function private.mine()"""
    )


@pytest.mark.parametrize("table", ["auth.users", "auth.sessions", "auth.refresh_tokens"])
def test_clients_do_not_see_accounts(database: Database, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.visitor().rows(f"select from {table}")


def test_a_new_table_is_closed_to_clients(database: Database) -> None:
    database.rows("create table public.mine (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.service().rows("select from public.mine")


def test_pushing_twice_changes_nothing_and_leaves_no_drift(stack: Stack) -> None:
    url = stack.settings.database_url()
    assert schema.push(url) == []
    assert schema.check(url) == []
