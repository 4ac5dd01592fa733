"""Every statement of docs/admin.md does what it says on the sample data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
STATEMENTS = [
    statement
    for block in re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "admin.md").read_text(), re.DOTALL)
    for statement in block.split(";\n")
    if statement.strip()
]


@pytest.fixture(scope="module")
def sample(connection: psycopg.Connection) -> Iterator[psycopg.Connection]:
    with connection.transaction(force_rollback=True):
        connection.execute((ROOT / "supabase" / "seed.sql").read_bytes())
        connection.execute("set local search_path = public, extensions")
        yield connection


def test_the_document_has_statements() -> None:
    assert len(STATEMENTS) > 8


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_job_is_done(sample: psycopg.Connection, statement: str) -> None:
    with sample.transaction(force_rollback=True):
        assert sample.execute(statement.encode()).rowcount > 0
