"""Keys by which a team's programs call the API: made, listed, revoked, and when they were used."""

from __future__ import annotations

from services.models.api_keys import ApiKey, ApiKeys, KeyDraft, NewApiKey
from services.outside import database


def create(organizer: str, draft: KeyDraft) -> NewApiKey:
    """Make a key; its answer is the only place where it is ever shown.

    Raises Refusal: key_refused, not_found, not_permitted.
    """
    return NewApiKey.model_validate(
        database.call("create_api_key", organizer=organizer, **draft.model_dump())
    )


def list_keys(organizer: str) -> ApiKeys:
    """Raises Refusal: not_found, not_permitted."""
    return ApiKeys.model_validate(database.call("list_api_keys", organizer=organizer))


def revoke(organizer: str, key_id: str) -> ApiKey:
    """End a key at once. Raises Refusal: not_found, not_permitted."""
    return ApiKey.model_validate(database.call("revoke_api_key", organizer=organizer, key_id=key_id))


def record_use() -> None:
    """Note that the caller's key is in use."""
    database.call("record_key_use")
