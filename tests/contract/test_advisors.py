"""Supabase's own linter of security and speed has nothing to say about the schema."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.settings import ROOT
from tests.database import Database

PROGRAM = ROOT / "node_modules" / ".bin" / "supabase"
NOBODY = "http://127.0.0.1:9"  # whatever the program would like to fetch, it does not get


def advice(postgres_url: str, home: Path) -> subprocess.CompletedProcess[str]:
    """What `supabase db advisors` says from level warn on; exit code 1 if anything."""
    return subprocess.run(
        [PROGRAM, "db", "advisors", "--db-url", f"{postgres_url}?sslmode=disable",
         "--level", "warn", "--fail-on", "warn"],
        cwd=home,
        env={
            **os.environ, "HOME": str(home), "SUPABASE_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1",
            "HTTPS_PROXY": NOBODY, "HTTP_PROXY": NOBODY,
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


@pytest.fixture
def naked_table(database: Database) -> Iterator[str]:
    """A table that everybody may read and write."""
    database.rows("create table public.naked (id integer primary key)")
    database.rows("grant all on public.naked to anon")
    yield "naked"
    database.rows("drop table public.naked")


def test_the_schema_gives_no_cause_for_advice(postgres_url: str, tmp_path: Path) -> None:
    answer = advice(postgres_url, tmp_path)
    assert (answer.returncode, answer.stdout.strip()) == (0, ""), answer.stdout + answer.stderr


def test_a_table_without_policies_would_be_noticed(
    postgres_url: str, tmp_path: Path, naked_table: str
) -> None:
    answer = advice(postgres_url, tmp_path)
    assert answer.returncode == 1
    assert naked_table in answer.stdout
