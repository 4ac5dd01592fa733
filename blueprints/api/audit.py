"""The trail of a team."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from blueprints.guards import signed_in_or_key
from blueprints.links import Link, Links, link, next_link
from services import audit
from services.models import Output
from services.models.audit import AuditEntry, AuditSearch, AuditSubject

bp = APIBlueprint("audit", __name__, url_prefix="/organizers/<organizer>/audit", tag="Organizers")


class AuditEntryOut(AuditEntry):
    links: Links


class AuditOut(Output):
    data: list[AuditEntryOut]
    links: Links


@bp.get("")
@signed_in_or_key
@bp.input(AuditSearch, location="query")
@bp.output(AuditOut)
@bp.doc(
    summary="List who did what in a team",
    description="Latest first: orders, events, venues and the team itself. Needs audit:read.",
    security=["bearer", "api_key"],
)
def index(organizer: str, query_data: AuditSearch) -> Any:
    page = audit.list_entries(organizer, query_data)
    return AuditOut(
        data=[
            AuditEntryOut(**entry.model_dump(), links=_links(organizer, entry.subject))
            for entry in page.entries
        ],
        links=next_link("api.audit.index", page.next, organizer=organizer),
    )


def _links(organizer: str, subject: AuditSubject) -> dict[str, Link]:
    match subject.leads_to, subject.kind:
        case None, _:
            return {}
        case reference, "order":
            return {"order": link("api.team_orders.show", organizer=organizer, reference=reference)}
        case slug, "venue":
            return {"venue": link("api.team_venues.show", organizer=organizer, venue=slug)}
        case event_id, _:
            return {"event": link("api.team_events.show", organizer=organizer, event_id=event_id)}
