"""Postgres as callers of the data API see it: a role, the claims of a token, the headers of a request."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb


@dataclass(frozen=True)
class Person:
    """Someone with an account and one live session."""

    id: uuid.UUID
    session: uuid.UUID
    email: str


@dataclass(frozen=True)
class Caller:
    """Who a statement is run as; `role` None is the owner of the schema, as migrations are."""

    role: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Refusal:
    """What Postgres said no with; filled in once the block of `refuses` has ended."""

    word: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    hint: str | None = None


class Refused(psycopg.Error):
    """A refusal that was returned, to keep what was counted: the Data API answers it like a raised one."""

    @property
    def diag(self) -> Any:
        told = self.args[0]
        return SimpleNamespace(
            message_primary=told["message"],
            message_detail=told["details"],
            message_hint=told["hint"],
            sqlstate=told["code"],
        )


class Database:
    """Runs each statement as its caller, in a transaction or savepoint of its own.

    On a connection with an open transaction nothing is kept; on an autocommitting one every statement is.
    """

    def __init__(self, connection: psycopg.Connection, caller: Caller | None = None) -> None:
        self.connection = connection
        self.caller = caller or Caller()

    def visitor(self, **headers: str) -> Database:
        """The same database seen by someone not signed in; headers as in `visitor(x_order_secret="…")`."""
        return self.as_caller(Caller("anon", {"role": "anon"}, spelled(headers)))

    def person(self, person: Person, **headers: str) -> Database:
        claims = {
            "sub": str(person.id),
            "role": "authenticated",
            "aud": "authenticated",
            "email": person.email,
            "session_id": str(person.session),
        }
        return self.as_caller(Caller("authenticated", claims, spelled(headers)))

    def at(self, address: str) -> dict[str, str]:
        """The headers by which the app tells where a visitor is, as in `visitor(**db.at("192.0.2.7"))`."""
        signature = self.value(
            """select encode(extensions.hmac(convert_to(%s, 'UTF8'), value, 'sha256'), 'hex')
               from private.secrets where name = 'client_address'""",
            [address],
        )
        return {"x_client_address": address, "x_client_signature": signature}

    def service(self) -> Database:
        return self.as_caller(Caller("service_role", {"role": "service_role"}))

    def as_caller(self, caller: Caller) -> Database:
        return Database(self.connection, caller)

    def call(self, function: str, **arguments: Any) -> Any:
        """What `public.<function>` answers to these named arguments; dicts and lists of dicts go as jsonb."""
        named = [
            sql.SQL("{} => {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in arguments
        ]
        statement = sql.SQL("select {}({}), current_setting('response.status')").format(
            sql.Identifier("public", function), sql.SQL(", ").join(named)
        )
        [(answer, status)] = self.rows(statement, {name: adapted(value) for name, value in arguments.items()})
        if status:
            refused = Refused(answer)
            refused.sqlstate = answer["code"]
            raise refused
        return answer

    def value(self, statement: Any, parameters: Any = None) -> Any:
        """The first column of the first row, or None."""
        row = next(iter(self.rows(statement, parameters)), None)
        return row[0] if row else None

    def rows(self, statement: Any, parameters: Any = None) -> list[tuple[Any, ...]]:
        with self.connection.transaction():
            self._become_caller()
            cursor = self.connection.execute(statement, parameters)
            found = cursor.fetchall() if cursor.description else []
            self.connection.execute("reset role")
        return found

    @contextmanager
    def refuses(self, word: str, status: int | None = None) -> Iterator[Refusal]:
        """Expect the block to be refused with this word, and with PT<status> when a status is given."""
        refusal = Refusal()
        with pytest.raises(psycopg.Error) as raised:
            yield refusal
        diagnosis = raised.value.diag
        refusal.word = diagnosis.message_primary or ""
        refusal.detail = decoded(diagnosis.message_detail)
        refusal.hint = diagnosis.message_hint
        assert refusal.word == word
        assert status is None or diagnosis.sqlstate == f"PT{status}"

    def sign_up(
        self, name: str, *, email: str | None = None, confirmed: bool = True, **metadata: Any
    ) -> Person:
        """Someone new in auth.users with a live session; the schema's own trigger makes the profile."""
        person = Person(
            uuid.uuid4(), uuid.uuid4(), email or f"{name.lower()}.{uuid.uuid4().hex[:8]}@example.org"
        )
        told = {
            "display_name": name,
            "birth_date": "1990-05-17",
            "native_languages": ["fr"],
            "target_languages": ["en"],
            "consent": True,
            "locale": "en",
            **metadata,
        }
        self.rows(
            """insert into auth.users
                 (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
               values (%s, 'authenticated', 'authenticated', %s, case when %s then now() end,
                 '{"provider": "email"}', %s)""",
            [person.id, person.email, confirmed, Jsonb(told)],
        )
        self.rows("insert into auth.sessions (id, user_id) values (%s, %s)", [person.session, person.id])
        return person

    def sign_out(self, person: Person) -> None:
        self.rows("delete from auth.sessions where id = %s", [person.session])

    def move_clock(self, shift: timedelta) -> None:
        """Put the clock of the rules that far ahead of the database's own (or behind it)."""
        self.rows("update private.clock set shift = %s where true", [shift])

    def _become_caller(self) -> None:
        caller = self.caller
        self.connection.execute(
            """select set_config('request.jwt.claims', %s, true),
                 set_config('request.jwt.claim.sub', %s, true),
                 set_config('request.jwt.claim.role', %s, true),
                 set_config('request.headers', %s, true),
                 set_config('response.status', '', true)""",
            [
                json.dumps(caller.claims) if caller.claims else "",
                str(caller.claims.get("sub", "")),
                str(caller.claims.get("role", "")),
                json.dumps(caller.headers),
            ],
        )
        if caller.role:
            self.connection.execute(sql.SQL("set local role {}").format(sql.Identifier(caller.role)))


def spelled(headers: Mapping[str, str]) -> dict[str, str]:
    """Header names as the data API hands them over: lower-case, with hyphens."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def adapted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Jsonb(dict(value))
    if (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and any(isinstance(item, Mapping) for item in value)
    ):
        return Jsonb(list(value))
    return value


def decoded(detail: str | None) -> dict[str, Any]:
    """A refusal's detail is a JSON object; Postgres' own errors have sentences there."""
    if detail is None or not detail.startswith("{"):
        return {}
    facts: dict[str, Any] = json.loads(detail)
    return facts
