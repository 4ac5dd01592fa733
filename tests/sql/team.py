"""A whole team, with one of everything that a team has."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from tests.database import Database, Person
from tests.sql import events
from tests.sql.orders import paid, place, place_as_guest

ROLES = ("owner", "manager", "finance", "door")


@dataclass(frozen=True)
class Team:
    """Its members by role, and one of each thing that a team has."""

    id: uuid.UUID
    slug: str
    members: dict[str, Person]
    show: uuid.UUID
    draft: uuid.UUID
    ticket_type: uuid.UUID
    venue: str
    order: str
    attendee: uuid.UUID
    delivery: uuid.UUID
    asked: str
    held: str
    code: str
    invitation: uuid.UUID
    key: uuid.UUID

    @property
    def member(self) -> uuid.UUID:
        """Who works the door."""
        return self.members["door"].id


def found(db: Database) -> Team:
    """A team with an event on show, a paid order for it and one that waits for a yes, a draft, a venue …"""
    members = {role: db.sign_up(role.title()) for role in ROLES}
    team = events.organizer(db, "Tandem", **members)
    slug = db.value("select slug from public.organizers where id = %s", [team])
    hall = f"hall-{uuid.uuid4().hex}"
    venue = events.venue(db, slug=hall, organizer_id=team)
    events.insert(db, "venue_keys", venue_id=venue, prefix="vk_abcd", digest=uuid.uuid4().bytes * 2)
    show, draft = (events.event(db, organizer_id=team, status=status) for status in ("published", "draft"))
    seat, asked = (events.ticket_type(db, show, requires_approval=waits) for waits in (False, True))
    events.ticket_type(db, draft)
    order = paid(db, place_as_guest(db, show, seat, 2))
    code = f"CODE-{uuid.uuid4().hex[:8]}".upper()
    events.insert(db, "promotion_codes", organizer_id=team, code=code, percent=10)
    key = events.insert_api_key(db, team, "organizer:read", created_by=members["owner"].id)
    return Team(
        id=team,
        slug=slug,
        members=members,
        show=show.id,
        draft=draft.id,
        ticket_type=seat,
        venue=hall,
        order=order["reference"],
        attendee=uuid.UUID(order["attendees"][0]["id"]),
        delivery=db.value("select id from public.deliveries where order_id = %s", [order["id"]]),
        asked=place(db.person(db.sign_up("Ana")), show, asked)["reference"],
        held=place_as_guest(db, show, seat)["reference"],
        code=code,
        invitation=events.insert(
            db,
            "invitations",
            organizer_id=team,
            email=f"{uuid.uuid4().hex}@example.org",
            role="door",
            digest=uuid.uuid4().bytes * 2,
            expires_at=show.starts_at,
        ),
        key=db.value("select id from public.api_keys where digest = sha256(%s)", [key.encode()]),
    )
