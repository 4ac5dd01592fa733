"""Promotion codes of a team."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from blueprints.api.repeats import repeatable
from blueprints.guards import signed_in_or_key
from blueprints.links import Links, link
from services import codes
from services.models import Output
from services.models.codes import CodeDraft, PromotionCode

bp = APIBlueprint(
    "codes", __name__, url_prefix="/organizers/<organizer>/promotion-codes", tag="Promotion codes"
)


class PromotionCodeOut(PromotionCode):
    links: Links


class PromotionCodesOut(Output):
    data: list[PromotionCodeOut]
    links: Links


@bp.get("")
@signed_in_or_key
@bp.output(PromotionCodesOut)
@bp.doc(
    summary="List a team's codes",
    description="Newest first. Needs events:write: who knows a code can use it.",
    security=["bearer", "api_key"],
)
def index(organizer: str) -> Any:
    return PromotionCodesOut(
        data=[_shown(organizer, code) for code in codes.list_codes(organizer).codes],
        links={"self": link("api.codes.index", organizer=organizer)},
    )


@bp.post("")
@signed_in_or_key
@repeatable(bp)
@bp.input(CodeDraft)
@bp.output(PromotionCodeOut, status_code=201)
@bp.doc(
    summary="Make a code",
    description="A percentage, or an amount in one currency. Needs events:write.",
    security=["bearer", "api_key"],
)
def create(organizer: str, json_data: CodeDraft) -> Any:
    return _shown(organizer, codes.create(organizer, json_data.model_dump(mode="json", exclude_unset=True)))


@bp.delete("/<code>")
@signed_in_or_key
@bp.output({}, status_code=204)
@bp.doc(
    summary="End a code",
    description="What was ordered with it stays. Needs events:write.",
    security=["bearer", "api_key"],
)
def end(organizer: str, code: str) -> ResponseReturnValue:
    codes.end(organizer, code)
    return "", 204


def _shown(organizer: str, code: PromotionCode) -> PromotionCodeOut:
    # Only who may end codes reads them at all.
    links = {"list": link("api.codes.index", organizer=organizer)}
    if code.state != "over":
        links["end"] = link("api.codes.end", "DELETE", organizer=organizer, code=code.code)
    return PromotionCodeOut(**code.model_dump(), links=links)
