"""The few places of a workspace, in the order of its rail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from services.models.workspaces import Workspace


@dataclass(frozen=True)
class Place:
    """`endpoint` opens it, all endpoints of its `resources` are inside it, `permission` shows it."""

    label: LazyString
    icon: str
    endpoint: str
    permission: str
    resources: frozenset[str]


PLACES = [
    Place(
        _("Events"),
        "calendar",
        "manage.events.index",
        "events:read",
        frozenset(
            {
                "events",
                "covers",
                "widgets",
                "ticket_types",
                "series",
                "event_cancellations",
                "attendees",
                "dashboard",
                "waitlist",
            }
        ),
    ),
    Place(
        _("Orders"),
        "ticket",
        "manage.orders.index",
        "orders:read",
        frozenset({"orders", "order", "refunds", "desk", "disputes"}),
    ),
    Place(_("Codes"), "percent", "manage.codes.index", "events:write", frozenset({"codes"})),
    Place(_("People"), "people", "manage.people.index", "attendees:read", frozenset({"people"})),
    Place(_("Venues"), "place", "manage.venues.index", "events:read", frozenset({"venues"})),
    Place(
        _("Settings"),
        "settings",
        "manage.settings.show",
        "organizer:read",
        frozenset({"settings", "team", "api_keys", "audit"}),
    ),
]


@dataclass(frozen=True)
class Stop:
    """`requests` wait there for a yes."""

    label: LazyString
    icon: str
    href: str
    here: bool
    requests: int


def rail(workspace: Workspace) -> Iterator[Stop]:
    """The places that whoever looks may open, and at which of them they are."""
    resource = (request.endpoint or "").removeprefix("manage.").partition(".")[0]
    for place in PLACES:
        if workspace.may(place.permission):
            href = url_for(place.endpoint, organizer=workspace.organizer.slug)
            requests = workspace.requests if "orders" in place.resources else 0
            yield Stop(place.label, place.icon, href, resource in place.resources, requests)
