"""HTML, by resource."""

from __future__ import annotations

from blueprints.pages import (
    account,
    attendees,
    cancellations,
    docs,
    events,
    invitations,
    language,
    meetups,
    orders,
    organizers,
    session,
    waitlist,
    widgets,
    workspaces,
)

BLUEPRINTS = [
    events.bp,
    orders.bp,
    organizers.bp,
    cancellations.bp,
    attendees.bp,
    waitlist.bp,
    widgets.bp,
    meetups.bp,
    account.bp,
    language.bp,
    session.bp,
    invitations.bp,
    docs.bp,
    workspaces.bp,
]
