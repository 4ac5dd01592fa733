"""Teams: one's own, made, described."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import Field, StrictInt

from blueprints.api.bodies import PICTURES
from blueprints.api.repeats import repeatable
from blueprints.guards import signed_in, signed_in_or_key
from blueprints.links import Links, link
from services import organizers, workspaces
from services.models import Output
from services.models.events import PublicOrganizer
from services.models.organizers import Organizer, OrganizerChanges, OrganizerDraft, OwnOrganizer
from services.models.workspaces import Membership
from services.refusals import Refusal
from web.limits import takes_pictures

bp = APIBlueprint("organizers", __name__, url_prefix="/organizers", tag="Organizers")


class MembershipOut(Membership):
    links: Links


class MembershipsOut(Output):
    data: list[MembershipOut]
    links: Links


class OrganizerEdit(OrganizerChanges):
    revision: StrictInt = Field(
        description="The one that was read; an older one is refused with what changed"
    )


class OrganizerOut(Organizer):
    """`role` is empty for a program."""

    role: str | None
    permissions: list[str]
    links: Links


class PublicOrganizerOut(PublicOrganizer):
    links: Links


@bp.get("")
@signed_in_or_key
@bp.output(MembershipsOut)
@bp.doc(
    summary="List one's teams",
    description="By name, with one's role in each; a program sees the team whose key it shows.",
    security=["bearer", "api_key"],
)
def index() -> Any:
    teams = [
        MembershipOut(**team.model_dump(), links={"self": link("api.organizers.show", organizer=team.slug)})
        for team in workspaces.list_workspaces()
    ]
    return MembershipsOut(data=teams, links={"self": link("api.organizers.index")})


@bp.post("")
@signed_in
@repeatable(bp)
@bp.input(OrganizerDraft)
@bp.output(OrganizerOut, status_code=201)
@bp.doc(summary="Make a team", description="Whoever makes it is its owner.", security="bearer")
def create(json_data: OrganizerDraft) -> Any:
    return _shown(organizers.create(json_data))


@bp.get("/<organizer>")
@signed_in_or_key
@bp.output(OrganizerOut)
@bp.doc(summary="Read a team of one's own", security=["bearer", "api_key"])
def show(organizer: str) -> Any:
    return _shown(organizers.read(organizer))


@bp.get("/<organizer>/profile")
@bp.output(PublicOrganizerOut)
@bp.doc(summary="Read an organizer as everyone sees it")
def profile(organizer: str) -> Any:
    shown = organizers.read_public(organizer).organizer
    links = {
        "self": link("api.organizers.profile", organizer=shown.slug),
        "page": link("organizers.show", slug=shown.slug),
        "events": link("api.events.index", organizer=shown.slug),
    }
    return PublicOrganizerOut(**shown.model_dump(), links=links)


@bp.patch("/<organizer>")
@signed_in_or_key
@bp.input(OrganizerEdit)
@bp.output(OrganizerOut)
@bp.doc(
    summary="Change a team",
    description="Only what is sent changes. Needs organizer:write.",
    security=["bearer", "api_key"],
)
def update(organizer: str, json_data: OrganizerEdit) -> Any:
    told = json_data.model_dump(exclude_unset=True, exclude={"revision"})
    return _shown(organizers.update(organizer, json_data.revision, OrganizerChanges(**told)))


@bp.put("/<organizer>/picture")
@signed_in_or_key
@takes_pictures
@bp.output(OrganizerOut)
@bp.doc(
    summary="Set a team's picture",
    description="The body is the picture: PNG, JPEG, WebP or GIF, 5 MiB at most. Needs organizer:write.",
    security=["bearer", "api_key"],
)
def set_picture(organizer: str) -> Any:
    if request.mimetype not in PICTURES:
        raise Refusal("unsupported_media_type", 415)
    return _shown(organizers.set_picture(organizer, request.get_data()))


@bp.delete("/<organizer>/picture")
@signed_in_or_key
@bp.output(OrganizerOut)
@bp.doc(
    summary="Remove a team's picture", description="Needs organizer:write.", security=["bearer", "api_key"]
)
def remove_picture(organizer: str) -> Any:
    return _shown(organizers.remove_picture(organizer))


def _shown(organizer: OwnOrganizer) -> OrganizerOut:
    workspace = organizer.workspace
    links = {
        "self": link("api.organizers.show", organizer=organizer.slug),
        "promotion_codes": link("api.codes.index", organizer=organizer.slug),
    }
    if workspace.may("organizer:write"):
        links["update"] = link("api.organizers.update", "PATCH", organizer=organizer.slug)
        links["picture"] = link("api.organizers.set_picture", "PUT", organizer=organizer.slug)
    return OrganizerOut(
        **organizer.model_dump(),
        role=workspace.role,
        permissions=workspace.permissions,
        links=links,
    )
