"""Builders of what is on sale: a team, a venue, an event, its ticket types. All are the owner's own rows."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import sql

from tests.database import Database, Person


@dataclass(frozen=True)
class Event:
    id: uuid.UUID
    slug: str
    organizer_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


def insert(db: Database, table: str, **columns: Any) -> Any:
    """A row of `public.<table>`; answers its id (None where the table has none)."""
    statement = sql.SQL("insert into {} ({}) values ({}) returning to_jsonb({}) ->> 'id'").format(
        sql.Identifier("public", table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(map(sql.Placeholder, columns)),
        sql.Identifier(table),
    )
    found = db.value(statement, columns)
    return uuid.UUID(found) if found else None


def edit(db: Database, table: str, row: uuid.UUID | str, **columns: Any) -> None:
    """Change a row as the dashboard does: with the table open before you."""
    db.rows(
        sql.SQL("update {} set {} where id = %(row)s").format(
            sql.Identifier("public", table),
            sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in columns
            ),
        ),
        {**columns, "row": row},
    )


def organizer(db: Database, name: str = "Tandem", /, **members: Person) -> uuid.UUID:
    """A team; members by role, as in `organizer(db, owner=omar, door=dora)`."""
    team: uuid.UUID = insert(db, "organizers", slug=f"team-{uuid.uuid4().hex}", name=name)
    for role, person in members.items():
        insert(db, "organizer_members", organizer_id=team, user_id=person.id, role=role)
    return team


def insert_api_key(db: Database, team: uuid.UUID, *permissions: str, **columns: Any) -> str:
    """A key of a team's program that allows so much; answers the key itself."""
    key = "gk_" + secrets.token_urlsafe(32)
    digest = hashlib.sha256(key.encode()).digest()
    insert(
        db,
        "api_keys",
        organizer_id=team,
        name="Website",
        prefix=key[:7],
        digest=digest,
        permissions=list(permissions),
        **columns,
    )
    return key


def venue(db: Database, capacity: int = 100, **columns: Any) -> uuid.UUID:
    found: uuid.UUID = insert(
        db,
        "venues",
        **{
            "slug": f"venue-{uuid.uuid4().hex}",
            "name": "La Fabrique",
            "address": "Rue Haute 1",
            "postal_code": "1000",
            "city": "Brussels",
            "country": "BE",
            "timezone": "Europe/Brussels",
            "capacity": capacity,
            **columns,
        },
    )
    return found


def event(
    db: Database,
    *,
    capacity: int | None = 10,
    starts_in: timedelta = timedelta(days=7),
    lasts: timedelta = timedelta(hours=2),
    policy: str = "masterclass",
    **columns: Any,
) -> Event:
    """A published event online with ten places, in a week, unless told otherwise."""
    starts_at = db.value("select private.now()") + starts_in
    row = {
        "slug": f"event-{uuid.uuid4().hex}",
        "title": "Conversation at the counter",
        "language_code": "fr",
        "timezone": "Europe/Brussels",
        "currency": "EUR",
        "status": "published",
        "starts_at": starts_at,
        "ends_at": starts_at + lasts,
        "capacity": capacity,
        **columns,
    }
    row.setdefault("organizer_id", None)
    row["organizer_id"] = row["organizer_id"] or organizer(db)
    row["policy_id"] = db.value("select id from public.event_policies where key = %s", [policy])
    found = insert(db, "events", **row)
    return Event(found, row["slug"], row["organizer_id"], row["starts_at"], row["ends_at"])


def ticket_type(db: Database, event: Event, price_cents: int = 1000, **columns: Any) -> uuid.UUID:
    found: uuid.UUID = insert(
        db, "ticket_types", **{"event_id": event.id, "name": "Seat", "price_cents": price_cents, **columns}
    )
    return found


def pool(db: Database, event: Event, ticket_type: uuid.UUID | None = None) -> tuple[int, int]:
    """(held, sold) of an event, or of one of its ticket types."""
    held, sold = db.rows(
        "select held, sold from public.pools where event_id = %s and ticket_type_id is not distinct from %s",
        [event.id, ticket_type],
    )[0]
    return held, sold
