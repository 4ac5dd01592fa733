"""Invitations into a team: sent, sent again, withdrawn, accepted."""

from __future__ import annotations

from services.models.members import Invitation, InvitationDraft, ReceivedInvitation
from services.models.workspaces import Workspace
from services.outside import database


def invite(organizer: str, draft: InvitationDraft) -> Invitation:
    """Mail an invitation that is good for seven days.

    Raises Refusal: email_invalid, already_member, already_invited, too_many_invitations;
    not_found, not_permitted.
    """
    made = database.call("invite_member", organizer=organizer, email=draft.email, role=draft.role)
    return Invitation.model_validate(made)


def resend(organizer: str, invitation_id: str) -> Invitation:
    """Mail it again with a new link, for another week. Raises Refusal: not_found, too_many_invitations …"""
    sent = database.call("resend_invitation", organizer=organizer, invitation_id=invitation_id)
    return Invitation.model_validate(sent)


def withdraw(organizer: str, invitation_id: str) -> None:
    """Raises Refusal: not_found, not_permitted."""
    database.call("withdraw_invitation", organizer=organizer, invitation_id=invitation_id)


def read(secret: str) -> ReceivedInvitation:
    """What the link in a mail asks. Raises Refusal: not_found."""
    return ReceivedInvitation.model_validate(database.call("read_invitation", secret=secret))


def accept(secret: str) -> Workspace:
    """Join the team.

    Raises Refusal: invitation_for_another, invitation_expired, invitation_over, already_member, not_found.
    """
    return Workspace.model_validate(database.call("accept_invitation", secret=secret))
