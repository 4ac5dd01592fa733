"""Promotion codes of a team: made, listed, ended."""

from __future__ import annotations

from services.models.codes import CodeDraft, PromotionCode
from services.outside import database


def create(organizer: str, draft: CodeDraft) -> PromotionCode:
    """Make a code. Raises Refusal: code_taken, code_invalid, not_found, not_permitted."""
    return PromotionCode.model_validate(
        database.call("create_promotion_code", organizer=organizer, **draft.model_dump(mode="json"))
    )


def list_codes(organizer: str) -> list[PromotionCode]:
    """An organizer's codes, newest first. Raises Refusal: not_found, not_permitted."""
    found = database.call("list_promotion_codes", organizer=organizer)
    return [PromotionCode.model_validate(code) for code in found]


def end(organizer: str, code: str) -> PromotionCode:
    """End a code now; what was ordered with it stays. Raises Refusal: not_found, not_permitted."""
    return PromotionCode.model_validate(database.call("end_promotion_code", organizer=organizer, code=code))
