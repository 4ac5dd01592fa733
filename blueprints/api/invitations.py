"""Invitations: a team's, and the one whose link somebody has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from blueprints.api.repeats import repeatable
from blueprints.guards import signed_in, signed_in_or_key
from blueprints.links import Links, link
from services import invitations, members
from services.models import Output
from services.models.members import Invitation, InvitationDraft, ReceivedInvitation

bp = APIBlueprint("invitations", __name__, tag="Organizers")
AT = "/organizers/<organizer>/invitations"


class InvitationOut(Invitation):
    links: Links


class InvitationsOut(Output):
    data: list[InvitationOut]
    links: Links


class ReceivedInvitationOut(ReceivedInvitation):
    links: Links


class JoinedOut(Output):
    organizer: str
    role: str | None
    permissions: list[str]
    links: Links


@bp.get(AT)
@signed_in_or_key
@bp.output(InvitationsOut)
@bp.doc(
    summary="List who is invited and has not answered",
    description="Newest first. Needs team:read.",
    security=["bearer", "api_key"],
)
def index(organizer: str) -> Any:
    return InvitationsOut(
        data=[_shown(organizer, each) for each in members.list_members(organizer).invitations],
        links={"self": link("api.invitations.index", organizer=organizer)},
    )


@bp.post(AT)
@signed_in_or_key
@repeatable(bp)
@bp.input(InvitationDraft)
@bp.output(InvitationOut, status_code=201)
@bp.doc(
    summary="Invite somebody into the team",
    description="By mail, for seven days, for that address alone. Needs team:write.",
    security=["bearer", "api_key"],
)
def create(organizer: str, json_data: InvitationDraft) -> Any:
    return _shown(organizer, invitations.invite(organizer, json_data))


@bp.post(f"{AT}/<uuid:invitation_id>/mails")
@signed_in_or_key
@bp.output(InvitationOut, status_code=201)
@bp.doc(
    summary="Send an invitation again",
    description="With a new link, for another week. Needs team:write.",
    security=["bearer", "api_key"],
)
def resend(organizer: str, invitation_id: UUID) -> Any:
    return _shown(organizer, invitations.resend(organizer, str(invitation_id)))


@bp.delete(f"{AT}/<uuid:invitation_id>")
@signed_in_or_key
@bp.output({}, status_code=204)
@bp.doc(summary="Withdraw an invitation", description="Needs team:write.", security=["bearer", "api_key"])
def withdraw(organizer: str, invitation_id: UUID) -> ResponseReturnValue:
    invitations.withdraw(organizer, str(invitation_id))
    return "", 204


@bp.get("/invitations/<secret>")
@bp.output(ReceivedInvitationOut)
@bp.doc(summary="Read the invitation whose link one has")
def show(secret: str) -> Any:
    invitation = invitations.read(secret)
    links = {"self": link("api.invitations.show", secret=secret)}
    if invitation.state == "open":
        links["accept"] = link("api.invitations.accept", "POST", secret=secret)
    return ReceivedInvitationOut(**invitation.model_dump(), links=links)


@bp.post("/invitations/<secret>/acceptance")
@signed_in
@bp.output(JoinedOut, status_code=201)
@bp.doc(
    summary="Accept an invitation",
    description="Only with the invited address, once it is confirmed.",
    security="bearer",
)
def accept(secret: str) -> Any:
    workspace = invitations.accept(secret)
    slug = workspace.organizer.slug
    return JoinedOut(
        organizer=slug,
        role=workspace.role,
        permissions=workspace.permissions,
        links={"organizer": link("api.organizers.show", organizer=slug)},
    )


def _shown(organizer: str, invitation: Invitation) -> InvitationOut:
    at = {"organizer": organizer, "invitation_id": str(invitation.id)}
    links = {
        "resend": link("api.invitations.resend", "POST", **at),
        "withdraw": link("api.invitations.withdraw", "DELETE", **at),
    }
    return InvitationOut(**invitation.model_dump(), links=links)
