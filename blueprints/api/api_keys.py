"""Keys of a team's programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in, signed_in_or_key
from blueprints.links import Link, Links, link
from services import api_keys
from services.models import Output
from services.models.api_keys import ApiKey, KeyDraft, NewApiKey

bp = APIBlueprint("api_keys", __name__, url_prefix="/organizers/<organizer>/api-keys", tag="Organizers")


class ApiKeyOut(ApiKey):
    links: Links


class ApiKeysOut(Output):
    data: list[ApiKeyOut]
    links: Links


class NewApiKeyOut(NewApiKey):
    links: Links


@bp.get("")
@signed_in_or_key
@bp.output(ApiKeysOut)
@bp.doc(
    summary="List a team's API keys",
    description="The working ones first. Needs team:write.",
    security=["bearer", "api_key"],
)
def index(organizer: str) -> Any:
    return ApiKeysOut(
        data=[
            ApiKeyOut(**key.model_dump(), links=_links(organizer, key))
            for key in api_keys.list_keys(organizer).keys
        ],
        links={"self": link("api.api_keys.index", organizer=organizer)},
    )


@bp.post("")
@signed_in
@bp.input(KeyDraft)
@bp.output(NewApiKeyOut, status_code=201)
@bp.doc(
    summary="Make an API key",
    description="The answer is the only place where the key is shown. Needs team:write, and every permission"
    " that the key gets. Programs make no keys.",
    security="bearer",
)
def create(organizer: str, json_data: KeyDraft) -> Any:
    key = api_keys.create(organizer, json_data)
    return NewApiKeyOut(**key.model_dump(), links=_links(organizer, key))


@bp.delete("/<uuid:key_id>")
@signed_in_or_key
@bp.output({}, status_code=204)
@bp.doc(
    summary="Revoke an API key",
    description="At once, and for good. Needs team:write.",
    security=["bearer", "api_key"],
)
def revoke(organizer: str, key_id: UUID) -> ResponseReturnValue:
    api_keys.revoke(organizer, str(key_id))
    return "", 204


def _links(organizer: str, key: ApiKey) -> dict[str, Link]:
    if key.revoked_at:
        return {}
    return {"revoke": link("api.api_keys.revoke", "DELETE", organizer=organizer, key_id=str(key.id))}
