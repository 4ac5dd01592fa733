"""The people of a team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in, signed_in_or_key
from blueprints.links import Link, Links, link
from services import members
from services.models import Output
from services.models.members import Member, RoleChange
from services.models.workspaces import Workspace

bp = APIBlueprint("members", __name__, url_prefix="/organizers/<organizer>", tag="Organizers")


class MemberOut(Member):
    links: Links


class MembersOut(Output):
    data: list[MemberOut]
    links: Links


@bp.get("/members")
@signed_in_or_key
@bp.output(MembersOut)
@bp.doc(
    summary="List a team's members",
    description="Owners first. Needs team:read.",
    security=["bearer", "api_key"],
)
def index(organizer: str) -> Any:
    people = members.list_members(organizer)
    return MembersOut(
        data=[
            MemberOut(**member.model_dump(), links=_links(organizer, member, people.workspace))
            for member in people.members
        ],
        links={
            "self": link("api.members.index", organizer=organizer),
            "invitations": link("api.invitations.index", organizer=organizer),
        },
    )


@bp.patch("/members/<uuid:user_id>")
@signed_in_or_key
@bp.input(RoleChange)
@bp.output(Member)
@bp.doc(
    summary="Give a member another role",
    description="API keys they made lose what they may no longer do. Needs team:write.",
    security=["bearer", "api_key"],
)
def change(organizer: str, user_id: UUID, json_data: RoleChange) -> Any:
    return members.change_role(organizer, str(user_id), json_data.role)


@bp.delete("/members/<uuid:user_id>")
@signed_in_or_key
@bp.output({}, status_code=204)
@bp.doc(
    summary="Remove a member",
    description="API keys they made are revoked. Needs team:write.",
    security=["bearer", "api_key"],
)
def remove(organizer: str, user_id: UUID) -> ResponseReturnValue:
    members.remove(organizer, str(user_id))
    return "", 204


@bp.delete("/membership")
@signed_in
@bp.output({}, status_code=204)
@bp.doc(summary="Leave a team", description="API keys one made are revoked.", security="bearer")
def leave(organizer: str) -> ResponseReturnValue:
    members.leave(organizer)
    return "", 204


def _links(organizer: str, member: Member, workspace: Workspace) -> dict[str, Link]:
    links = {}
    if workspace.may("team:write"):
        at = {"organizer": organizer, "user_id": str(member.user_id)}
        links["update"] = link("api.members.change", "PATCH", **at)
        links["remove"] = link("api.members.remove", "DELETE", **at)
    if member.me:
        links["leave"] = link("api.members.leave", "DELETE", organizer=organizer)
    return links
