"""One's own profile and data."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from blueprints.api.bodies import PICTURES
from blueprints.guards import signed_in
from blueprints.links import Links, link
from services import accounts
from services.models.accounts import Me, ProfileChanges
from services.refusals import Refusal
from web.limits import takes_pictures

bp = APIBlueprint("me", __name__, url_prefix="/me", tag="Accounts")


class MeOut(Me):
    links: Links


@bp.get("")
@signed_in
@bp.output(MeOut)
@bp.doc(summary="Read one's profile", security="bearer")
def show() -> Any:
    return _shown(accounts.read_me())


@bp.patch("")
@signed_in
@bp.input(ProfileChanges)
@bp.output(MeOut)
@bp.doc(summary="Change one's profile", description="Only what is sent changes.", security="bearer")
def update(json_data: ProfileChanges) -> Any:
    return _shown(accounts.update_me(json_data))


@bp.delete("")
@signed_in
@bp.output({}, status_code=204)
@bp.doc(summary="Erase one's account and data", security="bearer")
def erase() -> ResponseReturnValue:
    accounts.erase_me()
    return "", 204


@bp.put("/avatar")
@signed_in
@takes_pictures
@bp.output(MeOut)
@bp.doc(
    summary="Set one's picture",
    description="The body is the picture: PNG, JPEG, WebP or GIF, 5 MiB at most.",
    security="bearer",
)
def set_avatar() -> Any:
    if request.mimetype not in PICTURES:
        raise Refusal("unsupported_media_type", 415)
    return _shown(accounts.set_avatar(request.get_data()))


@bp.delete("/avatar")
@signed_in
@bp.output(MeOut)
@bp.doc(summary="Remove one's picture", security="bearer")
def remove_avatar() -> Any:
    return _shown(accounts.remove_avatar())


@bp.get("/export")
@signed_in
@bp.output({})
@bp.doc(summary="Everything we hold about one", security="bearer")
def export() -> Any:
    return accounts.export_me()


def _shown(me: Me) -> MeOut:
    links = {
        **({"remove_avatar": link("api.me.remove_avatar", "DELETE")} if me.avatar_path else {}),
        "self": link("api.me.show"),
        "update": link("api.me.update", "PATCH"),
        "avatar": link("api.me.set_avatar", "PUT"),
        "export": link("api.me.export"),
        "erase": link("api.me.erase", "DELETE"),
    }
    return MeOut(**me.model_dump(), links=links)
