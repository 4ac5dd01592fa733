"""A team's trail: who did what, and when."""

from __future__ import annotations

from services.models.audit import AuditPage, AuditSearch
from services.outside import database


def list_entries(organizer: str, search: AuditSearch) -> AuditPage:
    """A team's trail, latest first. Raises Refusal: not_found, not_permitted, cursor_invalid."""
    return AuditPage.model_validate(
        database.call("list_audit_entries", organizer=organizer, **search.model_dump(mode="json"))
    )
