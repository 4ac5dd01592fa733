"""The database's schema: pending migrations, then policies; and whether a database is what the files say.

Migrations are kept in the history table of Supabase's own command, so that both can be used on one database.
Nothing here needs more than hosted Supabase gives the role `postgres`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.rows import tuple_row

from services.outside import inventory

SUPABASE = Path(__file__).resolve().parents[2] / "supabase"
FILE_NAME = re.compile(r"(?P<version>\d{14})_(?P<name>\w+)\.sql")
LOCK = 0x6775696368  # one push at a time, whoever starts it
LOCK_ATTEMPTS = 5

HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
create table if not exists supabase_migrations.seed_files (
  path text not null primary key,
  hash text not null
);
"""


class SchemaError(Exception):
    """A file could not be applied; the message names the file, the line and what Postgres said."""


@dataclass(frozen=True)
class Migration:
    version: str
    name: str
    file: Path

    @property
    def text(self) -> str:
        return self.file.read_text()

    def is_what_was_applied(self, statements: list[str] | None) -> bool:
        """Whether the history holds this text; Supabase's command stores it split at semicolons."""
        return statements is None or essence("".join(statements)) == essence(self.text)


def push(database_url: str, source: Path = SUPABASE) -> list[str]:
    """Apply pending migrations, one transaction each, then policies.sql; answers the names of those applied.

    Raises SchemaError. What was applied before the failing file stays.
    """
    with connect(database_url) as connection, one_at_a_time(connection):
        connection.execute(HISTORY)
        known = history(connection)
        applied = [migration for migration in migrations(source) if migration.version not in known]
        for migration in applied:
            apply_migration(connection, migration)
        apply_policies(connection, source)
        if not inventory.kept(connection):
            inventory.keep(connection, inventory.take(connection))
        connection.execute("notify pgrst, 'reload schema'")
    return [migration.file.name for migration in applied]


def share_address_key(database_url: str, key: bytes) -> None:
    """Let the database know how the app signs its visitors' addresses. Raises SchemaError."""
    with connect(database_url) as connection:
        connection.execute("update private.secrets set value = %s where name = 'client_address'", [key])


def knows_address_key(database_url: str, key: bytes) -> bool:
    """Whether the database would believe this app. Raises SchemaError."""
    known = "select from private.secrets where name = 'client_address' and value = %s"
    with connect(database_url) as connection:
        return connection.execute(known, [key]).rowcount == 1


def check(database_url: str, source: Path = SUPABASE) -> list[str]:
    """What differs between files and database, as sentences; empty when nothing does. Changes nothing."""
    with connect(database_url) as connection:
        known = history(connection) if has_history(connection) else {}
        found = list(history_drift(known, migrations(source)))
        return found or list(drift(connection, source))


def accept(database_url: str) -> None:
    """Expect the database as it is, after a person has looked at what `check` tells."""
    with connect(database_url) as connection, one_at_a_time(connection):
        connection.execute(HISTORY)
        inventory.keep(connection, inventory.take(connection))


def seed(database_url: str, file: Path = SUPABASE / "seed.sql") -> bool:
    """Run a seed file in one transaction, once per database; answers whether it ran now."""
    name = f"supabase/{file.name}"
    with connect(database_url) as connection, one_at_a_time(connection):
        connection.execute(HISTORY)
        if connection.execute("select from supabase_migrations.seed_files where path = %s", [name]).rowcount:
            return False
        with connection.transaction():
            run(connection, file)
            fingerprint = hashlib.sha256(file.read_bytes()).hexdigest()
            connection.execute(
                "insert into supabase_migrations.seed_files values (%s, %s)", [name, fingerprint]
            )
    return True


def migrations(source: Path) -> list[Migration]:
    files = sorted((source / "migrations").glob("*.sql"))
    names = ((FILE_NAME.fullmatch(file.name), file) for file in files)
    return [Migration(name["version"], name["name"], file) for name, file in names if name]


def apply_migration(connection: psycopg.Connection, migration: Migration) -> None:
    with connection.transaction():
        with inventory.keeping(connection):
            run(connection, migration.file)
        connection.execute(
            """insert into supabase_migrations.schema_migrations (version, name, statements)
            values (%s, %s, %s)""",
            [migration.version, migration.name, [migration.text]],
        )


def apply_policies(connection: psycopg.Connection, source: Path) -> None:
    """Restate policies and grants; a lock is waited for briefly, then asked for again."""
    file = source / "policies.sql"
    if not file.exists():
        return
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        try:
            with connection.transaction():
                connection.execute("set local lock_timeout = '2s'")
                with inventory.keeping(connection):
                    run(connection, file)
            return
        except psycopg.errors.LockNotAvailable:
            if attempt == LOCK_ATTEMPTS:
                raise SchemaError(
                    "policies.sql: other transactions hold its tables; try again when it is quieter."
                ) from None


def run(connection: psycopg.Connection, file: Path) -> None:
    try:
        connection.execute(file.read_bytes())
    except psycopg.errors.LockNotAvailable:
        raise
    except psycopg.Error as error:
        raise SchemaError(f"{file.name}{line_of(error, file)}: {error}") from error


def line_of(error: psycopg.Error, file: Path) -> str:
    position = error.diag.statement_position
    return f", line {file.read_text()[: int(position)].count(chr(10)) + 1}" if position else ""


def history_drift(known: dict[str, list[str] | None], files: list[Migration]) -> Iterator[str]:
    for migration in files:
        if migration.version not in known:
            yield f"{migration.file.name} is not applied."
        elif not migration.is_what_was_applied(known[migration.version]):
            yield f"{migration.file.name} was changed after it was applied."
    for version in sorted(known.keys() - {migration.version for migration in files}):
        yield f"Migration {version} is applied, but its file is missing."


def drift(connection: psycopg.Connection, source: Path) -> Iterator[str]:
    """Compare the database with what a push would leave written down, and roll that push back."""
    if not inventory.kept(connection):
        yield "What the database consists of was never written down: run flask db push."
        return
    with connection.transaction(force_rollback=True):
        found = inventory.take(connection)
        apply_policies(connection, source)
        expected = inventory.kept(connection)
    yield from inventory.differences(found, expected)


def has_history(connection: psycopg.Connection) -> bool:
    found = connection.execute("select to_regclass('supabase_migrations.schema_migrations')").fetchone()
    return found is not None and found[0] is not None


def history(connection: psycopg.Connection) -> dict[str, list[str] | None]:
    rows = connection.execute("select version, statements from supabase_migrations.schema_migrations")
    return dict(rows.fetchall())


def essence(text: str) -> str:
    return re.sub(r"[\s;]", "", text)


def connect(database_url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(database_url, autocommit=True, connect_timeout=10, row_factory=tuple_row)
    except psycopg.Error as error:
        raise SchemaError(f"The database cannot be reached: {error}") from error


@contextmanager
def one_at_a_time(connection: psycopg.Connection) -> Iterator[None]:
    connection.execute("select pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(%s)", [LOCK])
