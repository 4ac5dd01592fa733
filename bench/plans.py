"""How Postgres finds its rows: the indexes that a call uses, the pages it touches, what it reads whole."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bench.queries import FEW, GROWING, PERSON, QUERIES, Query
from bench.results import Result
from bench.site import Site
from bench.world import id_of

ROLES = {"visitor": "anon", "buyer": "authenticated", "service": "service_role"}


@dataclass(frozen=True)
class Plan:
    """`read_whole` are rows of growing tables read by sequential scans, where they are more than a few."""

    pages: int
    indexes: list[str]
    read_whole: dict[str, int]


def plans(site: Site, name: str) -> Result:
    """Each of the frequent queries once; the most rows of a growing table that any read end to end."""
    found = {query: _plan(site, QUERIES[query]) for query in QUERIES}
    worst = max((rows for plan in found.values() for rows in plan.read_whole.values()), default=0)
    detail = {query: asdict(plan) for query, plan in found.items()}
    return Result(name, worst, "rows", at_most=FEW, detail=detail)


def _plan(site: Site, query: Query) -> Plan:
    with site.database() as connection, connection.transaction(force_rollback=True):
        _become(connection, query)
        _call(connection, query)  # the first call of a session plans; planning reads the catalogue
        before = _counted(connection)
        explained = _call(connection, query, explain=True)
        after = _counted(connection)
    used = {key: after[key] - before.get(key, 0) for key in after}
    return Plan(
        pages=explained[0]["Plan"]["Shared Hit Blocks"] + explained[0]["Plan"]["Shared Read Blocks"],
        indexes=sorted(name for (kind, name), count in used.items() if kind == "index" and count),
        read_whole={name: count for (kind, name), count in used.items() if kind == "table" and count > FEW},
    )


def _become(connection: psycopg.Connection, query: Query) -> None:
    person = id_of("person", PERSON)
    claims = {"role": ROLES[query.by]} | (
        {"sub": person, "session_id": person, "email": f"person.{PERSON}@example.org"}
        if query.by == "buyer"
        else {}
    )
    connection.execute(
        "select set_config('request.jwt.claims', %s, true), set_config('request.headers', '{}', true)",
        [json.dumps(claims)],
    )


def _call(connection: psycopg.Connection, query: Query, *, explain: bool = False) -> Any:
    arguments = {
        name: Jsonb(value) if isinstance(value, dict | list) else value
        for name, value in query.arguments.items()
    }
    named = sql.SQL(", ").join(
        sql.SQL("{} => {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in arguments
    )
    statement = sql.SQL("{}select {}({})").format(
        sql.SQL("explain (analyze, buffers, format json) " if explain else ""),
        sql.Identifier("public", query.function),
        named,
    )
    connection.execute(sql.SQL("set local role {}").format(sql.Identifier(ROLES[query.by])))
    connection.execute("savepoint called")
    row = connection.execute(statement, arguments).fetchone()
    connection.execute("rollback to called")  # so that an order can be placed twice
    connection.execute("reset role")
    return row[0] if row else None


def _counted(connection: psycopg.Connection) -> dict[tuple[str, str], int]:
    """What this transaction has counted so far: scans by index, rows of growing tables read in sequence."""
    rows = connection.execute(
        """select 'table', relname, seq_tup_read from pg_stat_xact_all_tables where relname = any(%s)
        union all
        select 'index', pg_class.relname, pg_stat_get_xact_numscans(pg_class.oid)
        from pg_class
        inner join pg_namespace on pg_namespace.oid = relnamespace
        where relkind = 'i' and nspname in ('public', 'private', 'auth')""",
        [list(GROWING)],
    ).fetchall()
    return {(kind, name): count for kind, name, count in rows}
