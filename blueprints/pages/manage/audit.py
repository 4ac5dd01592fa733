"""Who did what in a team, and when."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from blueprints.pages.filters import filters
from blueprints.pages.manage import history, trail
from services import audit
from services.models.audit import MATTERS, AuditSearch

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    search = filters(AuditSearch)
    page = audit.list_entries(organizer, search)
    return render_template(
        "manage/audit/index.html",
        workspace=page.workspace,
        page=page,
        filters=search,
        asked=search.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"cursor"}),
        matters=MATTERS,
        words=history,
        trail=trail,
    )
