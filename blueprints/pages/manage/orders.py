"""A team's orders: the list, by word, event, state and day."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from blueprints.pages.filters import filters
from services import team_orders
from services.models.team_orders import TeamOrderSearch

bp = Blueprint("orders", __name__, url_prefix="/orders")


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    search = filters(TeamOrderSearch)
    page = team_orders.list_orders(organizer, search)
    return render_template(
        "manage/orders/index.html",
        workspace=page.workspace,
        page=page,
        filters=search,
        asked=search.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"cursor"}),
    )
