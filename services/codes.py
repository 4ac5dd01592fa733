"""Promotion codes of a team: made, listed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.models.codes import CodeDesk, PromotionCode
from services.outside import database

Facts = Mapping[str, Any]  # fields of CodeDraft


def create(organizer: str, facts: Facts) -> PromotionCode:
    """Make a code. Raises Refusal: code_taken, invalid_input, not_found, not_permitted."""
    return PromotionCode.model_validate(
        database.call("create_promotion_code", organizer=organizer, facts=facts)
    )


def list_codes(organizer: str) -> CodeDesk:
    """An organizer's codes, newest first. Raises Refusal: not_found, not_permitted."""
    return CodeDesk.model_validate(database.call("list_promotion_codes", organizer=organizer))


def end(organizer: str, code: str) -> PromotionCode:
    """End a code now; what was ordered with it stays. Raises Refusal: not_found, not_permitted."""
    return PromotionCode.model_validate(database.call("end_promotion_code", organizer=organizer, code=code))
