"""What holds for every table and function: policies.sql is the truth, and everything says what it is for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.database import Database

ROOT = Path(__file__).parents[2]
POLICIES = (ROOT / "supabase" / "policies.sql").read_text()
MIGRATIONS = "\n".join(file.read_text() for file in sorted((ROOT / "supabase" / "migrations").glob("*.sql")))
CLIENTS = ("anon", "authenticated", "service_role")


def grants_in_policies(schema: str) -> set[tuple[str, str]]:
    """(role, function with its argument types) as policies.sql grants them."""
    found = re.findall(rf"grant execute on function ({schema}\.\w+\([^)]*\)) to ([\w, ]+);", POLICIES)
    return {(role, re.sub(r"\s", "", function)) for function, roles in found for role in roles.split(", ")}


@pytest.mark.parametrize("schema", ["public", "private"])
def test_clients_execute_what_policies_name_and_nothing_else(database: Database, schema: str) -> None:
    executable = database.rows(
        """select role, replace(function.oid::regprocedure::text, ' ', '')
        from unnest(%s::text[]) as role
        inner join pg_proc as function on function.pronamespace = %s::regnamespace
            and has_function_privilege(role, function.oid, 'execute')
            and has_schema_privilege(role, %s, 'usage')""",
        [list(CLIENTS), schema, schema],
    )
    qualified = {
        (role, name if name.startswith(f"{schema}.") else f"{schema}.{name}") for role, name in executable
    }
    spelled = {"timestamptz": "timestampwithtimezone", "public.": ""}
    named = set()
    for role, function in grants_in_policies(schema):
        head, _, arguments = function.partition("(")
        for short, long in spelled.items():
            arguments = arguments.replace(short, long)
        named.add((role, f"{head}({arguments}"))
    assert qualified == named


def test_no_function_is_left_open_to_everyone(database: Database) -> None:
    assert not database.rows(
        """select oid::regprocedure from pg_proc
        where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
            and (proacl is null or exists (select from aclexplode(proacl) as acl where acl.grantee = 0))"""
    )


def test_every_function_has_a_fixed_search_path(database: Database) -> None:
    assert not database.rows(
        """select oid::regprocedure from pg_proc
        where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
            and not coalesce('search_path=""' = any(proconfig), false)"""
    )


def test_everything_says_what_it_is_for(database: Database) -> None:
    ours = "in ('public'::regnamespace, 'private'::regnamespace)"
    assert not database.rows(
        f"""select oid::regprocedure from pg_proc
        where pronamespace {ours} and obj_description(oid, 'pg_proc') is null"""
    )
    assert not database.rows(
        f"""select oid::regclass from pg_class
        where relnamespace {ours} and relkind in ('r', 'v') and obj_description(oid, 'pg_class') is null"""
    )


def test_every_column_says_what_it_means(database: Database) -> None:
    told_by_name = ["id", "created_at", "updated_at"]
    assert not database.rows(
        """select relname, attname from pg_class
        inner join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
        where relkind = 'r' and relnamespace = 'public'::regnamespace and attname <> all (%s)
            and col_description(pg_class.oid, attnum) is null""",
        [told_by_name],
    )


def test_functions_say_which_words_they_refuse_with(database: Database) -> None:
    silent = database.rows(
        """select function.oid::regprocedure::text, word
        from pg_proc as function
        cross join lateral (
            select distinct match[1] as word
            from regexp_matches(function.prosrc, '(?:message = |refusal.[\\s\\d]+, )''(\\w+)''', 'g') as match
        ) as raised
        where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
            and obj_description(function.oid, 'pg_proc') !~ ('\\m' || word || '\\M')"""
    )
    assert not silent


def test_whoever_edits_rows_is_told_what_to_do_instead() -> None:
    triggers = re.findall(
        r"create function private\.(\w+)\([^)]*\) returns trigger(.*?)\n\$\$;", MIGRATIONS, re.DOTALL
    )
    curt = {
        name
        for name, body in triggers
        for refusal in re.findall(r"raise sqlstate[^;]*;", body)
        if "hint =" not in refusal
    }
    assert curt == {"make_profile"}  # Auth answers with a bare 500; its detail says it all


def test_definers_say_why_on_their_line() -> None:
    definers = re.findall(r"^.*security definer.*$", MIGRATIONS, re.MULTILINE)
    assert definers
    assert not [line for line in definers if not re.search(r"security definer -- \w", line)]


def test_no_function_is_longer_than_sixty_lines(database: Database) -> None:
    long = database.rows(
        """select oid::regprocedure::text, length(prosrc) - length(replace(prosrc, chr(10), ''))
        from pg_proc where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
            and length(prosrc) - length(replace(prosrc, chr(10), '')) > 58"""
    )
    assert not long


def test_every_table_has_row_level_security(database: Database) -> None:
    assert not database.rows(
        """select oid::regclass from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity"""
    )


def test_every_view_sees_with_its_readers_eyes(database: Database) -> None:
    assert not database.rows(
        """select oid::regclass from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'
        and not coalesce('security_invoker=true' = any(reloptions), false)"""
    )


def test_every_table_tells_when_its_rows_were_made(database: Database) -> None:
    timeless = database.rows(
        """select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and not exists (
            select from pg_attribute where attrelid = pg_class.oid and attname in ('created_at', 'at')
        )"""
    )
    assert timeless == [("role_permissions",)]


def test_every_policy_names_its_role(database: Database) -> None:
    assert not database.rows(
        "select policyname from pg_policies where schemaname = 'public' and roles = '{public}'"
    )


def test_no_policy_asks_row_by_row_who_is_calling() -> None:
    asked = [
        re.findall(r"\(select private\.(?:caller_id|caller_order_id)\(\)\)", line)
        == [f"(select private.{name}())" for name in re.findall(r"private\.(caller_\w+)\(\)", line)]
        for line in POLICIES.splitlines()
        if "grant execute" not in line and "private.caller_" in line
    ]
    assert asked
    assert all(asked)


def test_every_foreign_key_has_an_index(database: Database) -> None:
    assert not database.rows(
        """select conrelid::regclass::text, conname from pg_constraint
        where contype = 'f' and connamespace in ('public'::regnamespace, 'private'::regnamespace)
        and not exists (
            select from pg_index
            where indrelid = conrelid and indpred is null
                and (indkey::int2[])[0:cardinality(conkey) - 1] = conkey
        )"""
    )


def test_what_policies_filter_on_has_an_index(database: Database) -> None:
    filtered = {
        "profiles": ["user_id"],
        "profile_languages": ["user_id"],
        "organizer_members": ["user_id", "organizer_id"],
        "events": ["organizer_id"],
        "orders": ["id", "buyer_id", "organizer_id"],
        "order_lines": ["order_id"],
        "attendees": ["order_id"],
        "payments": ["order_id"],
        "audit_entries": ["organizer_id"],
    }
    for table, columns in filtered.items():
        indexed = database.rows(
            """select attname from pg_index
            inner join pg_attribute on attrelid = indrelid and attnum = indkey[0]
            where indrelid = %s::regclass and indpred is null""",
            [f"public.{table}"],
        )
        assert set(columns) <= {name for (name,) in indexed}, table


def test_rows_that_change_tell_when(database: Database) -> None:
    assert not database.rows(
        """select attrelid::regclass::text from pg_attribute
        inner join pg_class on pg_class.oid = attrelid
            and relkind = 'r' and relnamespace = 'public'::regnamespace
        where attname = 'updated_at' and not exists (
            select from pg_trigger where tgrelid = attrelid and tgname = 'touch_updated_at'
        )"""
    )


def test_every_public_function_is_called_by_a_test(database: Database) -> None:
    tests = "\n".join(file.read_text() for file in Path(__file__).parent.glob("*.py"))
    uncalled = [
        name
        for (name,) in database.rows(
            "select distinct proname from pg_proc where pronamespace = 'public'::regnamespace"
        )
        if not re.search(rf"[\"'.]{name}[\"'(]", tests)
    ]
    assert not uncalled


def test_the_schemas_document_tells_of_every_table(database: Database) -> None:
    told = (ROOT / "docs" / "schema.md").read_text()
    tables = database.rows(
        """select case nspname when 'public' then relname else nspname || '.' || relname end
        from pg_class
        inner join pg_namespace on pg_namespace.oid = relnamespace
        where nspname in ('public', 'private') and relkind in ('r', 'v', 'm', 'p')"""
    )
    assert [table for (table,) in tables if f"`{table}`" not in told] == []
