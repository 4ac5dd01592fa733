"""Every action of a team: the function, the permission it takes, and what it is called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from tests.sql.orders import line
from tests.sql.team import Team


@dataclass(frozen=True)
class Action:
    """`permission` is one or more, with blanks between; without `sight` its caller does not even learn that
    the thing is there."""

    function: str
    permission: str
    sight: str
    arguments: Callable[[Team], dict[str, Any]]

    @property
    def permissions(self) -> set[str]:
        return set(self.permission.split())


def filled(**arguments: Any) -> Callable[[Team], dict[str, Any]]:
    """Arguments for a team; those that are functions are asked for the team's own."""
    return lambda team: {name: value(team) if callable(value) else value for name, value in arguments.items()}


def of_team(function: str, permission: str, sight: str = "organizer:read", **more: Any) -> Action:
    return Action(function, permission, sight, filled(organizer=attrgetter("slug"), **more))


def of_event(function: str, permission: str, event: str = "draft", **more: Any) -> Action:
    return Action(function, permission, "events:read", filled(event_id=attrgetter(event), **more))


def of_ticket_type(function: str, permission: str, **more: Any) -> Action:
    return Action(
        function, permission, "events:read", filled(ticket_type_id=attrgetter("ticket_type"), **more)
    )


def of_venue(function: str, permission: str, **more: Any) -> Action:
    return Action(function, permission, "events:read", filled(venue=attrgetter("venue"), **more))


def of_order(function: str, permission: str, order: str = "order", **more: Any) -> Action:
    return Action(function, permission, "orders:read", filled(reference=attrgetter(order), **more))


INVITATION: dict[str, Any] = {"invitation_id": attrgetter("invitation")}
MEMBER: dict[str, Any] = {"user_id": attrgetter("member")}
TICKET_TYPE: dict[str, Any] = {"ticket_type_id": attrgetter("ticket_type")}
SEATS: dict[str, Any] = {
    "lines": lambda team: [line(team.ticket_type)],
    "buyer": {"name": "Gus", "email": "gus@example.org"},
}
SLUG: dict[str, Any] = {"organizer": attrgetter("slug")}

ACTIONS = [
    of_team("read_organizer", "organizer:read"),
    of_team("leave_organizer", "organizer:read"),
    of_team("update_organizer", "organizer:write", revision=1, changes={"hue": 9}),
    of_team("prepare_organizer_picture", "organizer:write"),
    of_team("set_organizer_picture", "organizer:write", path=None),
    of_team("list_members", "team:read"),
    # Nobody gives a role that may do more than they.
    of_team("invite_member", "team:write events:read tickets:scan", email="new@example.org", role="door"),
    of_team("resend_invitation", "team:write", **INVITATION),
    of_team("withdraw_invitation", "team:write", **INVITATION),
    of_team("change_member_role", "team:write events:read tickets:scan", role="door", **MEMBER),
    of_team("remove_member", "team:write", **MEMBER),
    of_team("create_api_key", "team:write", name="Website", permissions=["team:write"]),
    of_team("list_api_keys", "team:write"),
    of_team("revoke_api_key", "team:write", key_id=attrgetter("key")),
    # Events
    of_team("list_team_events", "events:read"),
    of_team("read_event_defaults", "events:write"),
    of_team("create_event", "events:write", event={"title": "Bread"}),
    of_event("read_team_event", "events:read"),
    of_event("update_event", "events:write", revision=1, changes={"title": "Bread"}),
    of_event("publish_event", "events:write"),
    of_event("unpublish_event", "events:write", event="show"),
    of_event("delete_event", "events:write"),
    of_event("cancel_event", "events:write", event="show", reason="Flooded."),
    of_event("retry_meetup", "events:write"),
    of_event("copy_event", "events:write"),
    of_team(
        "create_series",
        "events:write",
        sight="events:read",
        event_id=attrgetter("draft"),
        starts=["2030-05-17T19:00"],
    ),
    of_event("quote_event_cancellation", "events:write", event="show"),
    of_event("prepare_event_cover", "events:write"),
    of_event("set_event_cover", "events:write", path=None),
    of_event("create_ticket_type", "events:write", ticket_type={"name": "Seat"}),
    of_event(
        "arrange_ticket_types", "events:write", event="show", ticket_type_ids=lambda team: [team.ticket_type]
    ),
    of_event("quote_ticket_type", "events:write", event="show", edits={}, **TICKET_TYPE),
    of_ticket_type("read_team_ticket_type", "events:read"),
    of_ticket_type("update_ticket_type", "events:write", revision=1, changes={"name": "Seat"}),
    of_ticket_type("delete_ticket_type", "events:write"),
    # Codes
    of_team("list_promotion_codes", "events:write"),
    of_team(
        "create_promotion_code",
        "events:write",
        sight="events:read",
        facts=lambda team: {"code": "NEW", "percent": 5, "event_id": str(team.show)},
    ),
    of_team("end_promotion_code", "events:write", code=attrgetter("code")),
    # Venues
    of_team("list_team_venues", "events:read"),
    of_team("read_team_venue", "events:read", venue=attrgetter("venue")),
    of_team("create_venue", "events:write", venue={"name": "Hall"}),
    of_venue("update_venue", "events:write", revision=1, changes={"name": "Hall"}),
    of_venue("make_venue_key", "events:write"),
    of_venue("end_venue_key", "events:write"),
    # Orders
    of_team("list_team_orders", "orders:read"),
    of_team("list_disputes", "orders:refund"),
    of_team("list_audit_entries", "audit:read"),
    of_order("read_team_order", "orders:read", **SLUG),
    of_order("prepare_refund", "orders:refund", **SLUG),
    of_order("refund_order", "orders:refund", reason="Kindness."),
    of_order("change_buyer", "orders:write", name="Gus", email="gus@example.org"),
    of_order("change_attendee", "orders:write", attendee_id=attrgetter("attendee"), name="Gus"),
    of_order("release_order", "orders:write", order="held", reason="Kindness."),
    of_order("repeat_mail", "orders:write", delivery_id=attrgetter("delivery")),
    of_order("add_order_note", "orders:write", body="Called."),
    of_order("record_manual_payment", "payments:write", order="held", method="cash"),
    of_order("record_manual_refunds", "orders:refund"),
    of_order("approve_order", "orders:write", order="asked"),
    of_order("decline_order", "orders:write", order="asked", reason="Full."),
    of_event("read_desk", "orders:write", event="show", **SLUG),
    of_event("quote_desk", "orders:write", event="show", lines=[]),
    of_event("create_comp_order", "orders:read orders:write", event="show", **SEATS),
    of_event(
        "create_paid_order", "orders:read orders:write payments:write", event="show", method="cash", **SEATS
    ),
    # People and numbers
    of_event("read_dashboard", "events:read", event="show", **SLUG),
    Action("list_attendees", "attendees:read", "events:read", filled(event_id=attrgetter("show"))),
    Action("read_attendee_sheet", "attendees:read", "events:read", filled(event_id=attrgetter("show"))),
    Action(
        "export_attendees", "attendees:read exports:read", "events:read", filled(event_id=attrgetter("show"))
    ),
    of_team("list_people", "attendees:read"),
    Action("list_event_waitlist", "orders:read", "orders:read", filled(event_id=attrgetter("show"))),
]

# They ask where the caller may do something, or serve others beside a team; each has tests of its own.
OTHERWISE = {
    "list_workspaces": "everyone sees their own teams, none if there are none",
    "list_venue_events": "for a venue's partner with its key, too",
    "read_event": "for everyone; a draft tells its team what they may do with it",
    "prepare_order": "for everyone, as read_event",
    "create_meetup": "for everyone, as read_event",
}
