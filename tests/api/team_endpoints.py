"""Every call of the API that a team makes, with the permission it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.sql.team import Team

API = "/api/v1"


@dataclass(frozen=True)
class Endpoint:
    """`permission` is one or more; without `sight` the caller does not even learn that the thing is there.

    `of` says which of the team's things a name in the path stands for, where it is not the usual one.
    """

    method: str
    path: str
    permission: str
    sight: str = "organizer:read"
    body: Any = None
    query: str = ""
    of: dict[str, str] = field(default_factory=dict)

    @property
    def permissions(self) -> set[str]:
        return set(self.permission.split())

    def at(self, team: Team) -> str:
        names = {**USUAL, **self.of}
        return re.sub(r"{(\w+)}", lambda name: str(getattr(team, names[name[1]])), self.path) + self.query

    def body_for(self, team: Team) -> Any:
        return self.body(team) if callable(self.body) else self.body


USUAL = {
    "organizer": "slug",
    "user_id": "member",
    "invitation_id": "invitation",
    "key_id": "key",
    "event_id": "draft",
    "ticket_type_id": "ticket_type",
    "slug": "venue",
    "venue": "venue",
    "reference": "order",
    "attendee_id": "attendee",
    "code": "code",
}
ORGANIZER, EVENT, ORDER, VENUE = (
    "/organizers/{organizer}",
    "/events/{event_id}",
    "/orders/{reference}",
    "/venues/{slug}",
)
SHOW = {"event_id": "show"}
ASKED = {"reference": "asked"}


def of_team(method: str, path: str, permission: str, **more: Any) -> Endpoint:
    return Endpoint(method, ORGANIZER + path, permission, **more)


def of_event(method: str, path: str, permission: str, **more: Any) -> Endpoint:
    return Endpoint(method, EVENT + path, permission, **{"sight": "events:read", **more})


def of_order(method: str, path: str, permission: str, **more: Any) -> Endpoint:
    return Endpoint(method, ORDER + path, permission, "orders:read", **more)


def of_venue(method: str, path: str, permission: str, **more: Any) -> Endpoint:
    return Endpoint(method, VENUE + path, permission, "events:read", **more)


def new_event(team: Team) -> dict[str, Any]:
    return {"organizer": team.slug, "title": "Bread", "starts_at": "2030-05-17T19:00", "capacity": 9}


def series(team: Team) -> dict[str, Any]:
    return {"template": str(team.draft), "starts": ["2030-05-17T19:00"]}


def new_venue(team: Team) -> dict[str, Any]:
    place = {"name": "Hall", "address": "Rue 1", "city": "Brussels", "country": "BE"}
    return {"organizer": team.slug, **place, "timezone": "Europe/Brussels", "capacity": 5}


def desk_order(team: Team) -> dict[str, Any]:
    lines = [{"ticket_type_id": str(team.ticket_type), "quantity": 1}]
    return {"lines": lines, "buyer": {"name": "Gus", "email": "gus@example.org"}, "payment": "comp"}


ENDPOINTS = [
    of_team("GET", "", "organizer:read"),
    of_team("PATCH", "", "organizer:write", body={"revision": 1, "hue": 9}),
    of_team("PUT", "/picture", "organizer:write", body=b"picture"),
    of_team("DELETE", "/picture", "organizer:write"),
    of_team("GET", "/members", "team:read"),
    # Nobody gives a role that may do more than they.
    of_team("PATCH", "/members/{user_id}", "team:write events:read tickets:scan", body={"role": "door"}),
    of_team("DELETE", "/members/{user_id}", "team:write"),
    of_team("DELETE", "/membership", "organizer:read"),
    of_team("GET", "/invitations", "team:read"),
    of_team(
        "POST",
        "/invitations",
        "team:write events:read tickets:scan",
        body={"email": "new@example.org", "role": "door"},
    ),
    of_team("POST", "/invitations/{invitation_id}/mails", "team:write"),
    of_team("DELETE", "/invitations/{invitation_id}", "team:write"),
    of_team("GET", "/api-keys", "team:write"),
    of_team("POST", "/api-keys", "team:write", body={"name": "Website", "permissions": ["team:write"]}),
    of_team("DELETE", "/api-keys/{key_id}", "team:write"),
    # Events
    of_team("GET", "/events", "events:read"),
    of_team("GET", "/events/{event_id}", "events:read", sight="events:read"),
    Endpoint("POST", "/events", "events:write", body=new_event),
    of_event("PATCH", "", "events:write", body={"revision": 1, "title": "Bread"}),
    of_event("DELETE", "", "events:write"),
    of_event("POST", "/publication", "events:write"),
    of_event("DELETE", "/publication", "events:write", of=SHOW),
    of_event("POST", "/cancellation", "events:write", of=SHOW, body={"reason": "Flooded."}),
    of_event("GET", "/cancellation", "events:write", of=SHOW),
    of_event("POST", "/copies", "events:write"),
    of_event("PUT", "/cover", "events:write", body=b"picture"),
    of_event("DELETE", "/cover", "events:write"),
    of_team("POST", "/series", "events:write", sight="events:read", body=series),
    of_event("GET", "/numbers", "events:read", of=SHOW),
    of_event("GET", "/attendees", "attendees:read", of=SHOW),
    of_event("GET", "/attendees.csv", "attendees:read exports:read", of=SHOW),
    of_team("GET", "/attendees", "attendees:read"),
    of_event("POST", "/ticket-types", "events:write", body={"name": "Seat", "price_cents": 0}),
    of_event(
        "PUT",
        "/ticket-types",
        "events:write",
        of=SHOW,
        body=lambda team: {"ticket_types": [str(team.ticket_type)]},
    ),
    of_event("POST", "/ticket-types/quote", "events:write", body={"price_cents": 900}),
    of_event("GET", "/waitlist", "orders:read", of=SHOW, sight="orders:read"),
    of_event("POST", "/orders", "orders:read orders:write", of=SHOW, body=desk_order),
    Endpoint("GET", "/ticket-types/{ticket_type_id}", "events:read", "events:read"),
    Endpoint(
        "PATCH",
        "/ticket-types/{ticket_type_id}",
        "events:write",
        "events:read",
        body={"revision": 1, "name": "Seat"},
    ),
    Endpoint("DELETE", "/ticket-types/{ticket_type_id}", "events:write", "events:read"),
    # Codes
    of_team("GET", "/promotion-codes", "events:write"),
    of_team("POST", "/promotion-codes", "events:write", body={"code": "NEW", "percent": 5}),
    of_team("DELETE", "/promotion-codes/{code}", "events:write"),
    # Venues
    of_team("GET", "/venues", "events:read"),
    of_team("GET", "/venues/{venue}", "events:read", sight="events:read"),
    Endpoint("POST", "/venues", "events:write", body=new_venue),
    of_venue("PATCH", "", "events:write", body={"revision": 1, "name": "Hall"}),
    of_venue("POST", "/key", "events:write"),
    of_venue("DELETE", "/key", "events:write"),
    # Orders
    of_team("GET", "/orders", "orders:read"),
    of_team("GET", "/orders/{reference}", "orders:read", sight="orders:read"),
    of_team("GET", "/disputes", "orders:refund"),
    of_team("GET", "/audit", "audit:read"),
    of_order("POST", "/release", "orders:write", of={"reference": "held"}, body={"reason": "Kindness."}),
    of_order("PUT", "/buyer", "orders:write", body={"name": "Gus", "email": "gus@example.org"}),
    of_order("PUT", "/attendees/{attendee_id}", "orders:write", body={"name": "Gus"}),
    of_order("POST", "/mails", "orders:write", body=lambda team: {"delivery_id": str(team.delivery)}),
    of_order("POST", "/notes", "orders:write", body={"body": "Called."}),
    of_order("POST", "/payments", "payments:write", of={"reference": "held"}, body={"method": "cash"}),
    of_order("GET", "/refunds/preview", "orders:refund"),
    of_order("POST", "/refunds", "orders:refund", body={"reason": "Kindness."}),
    of_order("POST", "/hand-back", "orders:refund"),
    of_order("POST", "/approval", "orders:write", of=ASKED),
    of_order("POST", "/rejection", "orders:write", of=ASKED, body={"reason": "Full."}),
]

# They serve others beside a team, or ask for all of one's teams; each has tests of its own.
OTHERWISE = {
    ("GET", "/organizers"),
    ("GET", "/organizers/{organizer}/profile"),
    ("GET", "/venues/{slug}/events"),
}
