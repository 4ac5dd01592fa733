"""Every form of a workspace, with the permission it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.sql.team import Team


@dataclass(frozen=True)
class Form:
    """`of` says which of the team's things a name in the path stands for, where it is not the usual one."""

    permission: str
    fields: Mapping[str, str] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)

    def values(self, team: Team, names: set[str]) -> dict[str, Any]:
        """What the path of this form names, for a team."""
        return {name: getattr(team, {**USUAL, **self.of}[name]) for name in names}


USUAL = {
    "organizer": "slug",
    "event_id": "draft",
    "ticket_type_id": "ticket_type",
    "user_id": "member",
    "invitation_id": "invitation",
    "key_id": "key",
    "venue": "venue",
    "reference": "order",
    "attendee_id": "attendee",
    "delivery_id": "delivery",
    "code": "code",
}
SHOW = {"event_id": "show"}
ASKED = {"reference": "asked"}
HELD = {"reference": "held"}
WHY = {"reason": "Kindness."}

# In an order in which each finds its thing still there: what takes something away comes last.
FORMS = {
    "settings.update": Form("organizer:write"),
    "settings.picture": Form("organizer:write", {"remove": "yes"}),
    "team.invite": Form("team:write", {"email": "new@example.org", "role": "door"}),
    "team.change_role": Form("team:write", {"role": "door"}),
    "team.resend": Form("team:write"),
    "api_keys.create": Form("team:write", {"name": "Website", "permissions": "events:read"}),
    "api_keys.revoke": Form("team:write"),
    "codes.create": Form("events:write", {"code": "NEW", "percent": "5"}),
    "codes.end": Form("events:write"),
    "venues.create": Form("events:write", {"name": "Hall"}),
    "venues.update": Form("events:write", {"revision": "1", "name": "Hall"}),
    "venues.make_key": Form("events:write"),
    "venues.end_key": Form("events:write"),
    "events.create": Form("events:write", {"title": "Bread"}),
    "events.update": Form("events:write", {"revision": "1", "title": "Bread"}),
    "covers.update": Form("events:write", {"remove": "yes"}),
    "series.copy": Form("events:write"),
    "series.create": Form("events:write", {"starts_0": "2030-05-17T19:00"}),
    "ticket_types.create": Form("events:write", {"name": "Seat", "price": "5"}),
    "ticket_types.update": Form("events:write", {"revision": "1", "name": "Seat"}, SHOW),
    "ticket_types.arrange": Form("events:write", of=SHOW),
    "publications.create": Form("events:write"),
    "publications.withdraw": Form("events:write"),
    "desk.create": Form("orders:write", {"name": "Gus", "email": "gus@example.org"}, SHOW),
    "order.change_buyer": Form("orders:write", {"name": "Gus", "email": "gus@example.org"}),
    "order.change_attendee": Form("orders:write", {"name": "Gus"}),
    "order.repeat_mail": Form("orders:write"),
    "order.add_note": Form("orders:write", {"body": "Called."}),
    "order.record_payment": Form("payments:write", {"method": "cash"}, HELD),
    "order.hand_back": Form("orders:refund"),
    "order.approve": Form("orders:write", of=ASKED),
    "order.decline": Form("orders:write", WHY, ASKED),
    "order.release": Form("orders:write", WHY, HELD),
    "refunds.create": Form("orders:refund", WHY),
    "event_cancellations.create": Form("events:write", WHY, SHOW),
    "ticket_types.delete": Form("events:write", of=SHOW),
    "events.delete": Form("events:write"),
    "team.withdraw": Form("team:write"),
    "team.remove": Form("team:write"),
    "team.leave": Form("organizer:read"),
}
