"""What a database consists of, written down by each push, so that a check can tell what was changed by hand.

A push writes down what it changes itself, and nothing else: what differed before it, it does not cover up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

INVENTORY = Path(__file__).with_suffix(".sql").read_text()
TABLE = """
create table if not exists supabase_migrations.inventory (object text primary key, description text not null)
"""

Inventory = dict[str, str]
"""Objects by name, each with a description that changes when the object does."""


def take(connection: psycopg.Connection) -> Inventory:
    """What the database consists of now."""
    # Names are spelled whole when no schema is searched; the rollback takes that setting back.
    with connection.transaction(force_rollback=True):
        connection.execute("set local search_path = ''")
        return dict(connection.execute(INVENTORY).fetchall())


def kept(connection: psycopg.Connection) -> Inventory:
    """What pushes have written down; empty before the first one has."""
    (table,) = connection.execute("select to_regclass('supabase_migrations.inventory')").fetchone() or (None,)
    rows = "select object, description from supabase_migrations.inventory"
    return dict(connection.execute(rows).fetchall()) if table else {}


def keep(connection: psycopg.Connection, inventory: Inventory) -> None:
    """Expect this from now on."""
    with connection.transaction():
        connection.execute(TABLE)
        connection.execute("delete from supabase_migrations.inventory where true")
        connection.execute(
            "insert into supabase_migrations.inventory select * from unnest(%s::text[], %s::text[])",
            [list(inventory), list(inventory.values())],
        )


@contextmanager
def keeping(connection: psycopg.Connection) -> Iterator[None]:
    """Expect from now on what changes inside the block, which is part of a transaction."""
    expected = kept(connection)
    if not expected:  # the first push writes everything down at its end
        yield
        return
    before = take(connection)
    yield
    after = take(connection)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    untouched = {name: words for name, words in expected.items() if name not in changed}
    keep(connection, untouched | {name: words for name, words in after.items() if name in changed})


def differences(found: Inventory, expected: Inventory) -> Iterator[str]:
    """What was added, removed or changed by hand, as sentences."""
    for name in sorted(found | expected):
        is_now, should_be = found.get(name), expected.get(name)
        if should_be is None:
            yield f"Only in the database: {name}" + (f" ({is_now})" if is_now else "")
        elif is_now is None:
            yield f"Missing in the database: {name}" + (f" ({should_be})" if should_be else "")
        elif is_now != should_be:
            yield f"Changed in the database: {name}: {is_now} instead of {should_be}"
