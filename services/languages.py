"""The languages people speak and practise."""

from __future__ import annotations

from services.models.accounts import Language
from services.outside import database


def list_languages() -> list[Language]:
    """Every ISO 639-1 language with its names, as CLDR has them."""
    return [Language.model_validate(language) for language in database.recall("list_languages")]
