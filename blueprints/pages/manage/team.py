"""The people of a team: who is in it, who is invited, who may what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms
from services import invitations, members
from services.models.members import ROLES, InvitationDraft, RoleChange
from services.refusals import Refusal, sentence

bp = Blueprint("team", __name__, url_prefix="/team")


@bp.get("")
@signed_in
def index(organizer: str) -> ResponseReturnValue:
    return _page(organizer)


@signed_in
def _stale_page(organizer: str) -> str:
    return _page(organizer, _typed(), {"form": STALE.sentence})


@bp.post("/invitations")
@signed_in
@drawn_again(_stale_page)
def invite(organizer: str) -> ResponseReturnValue:
    form = _typed()
    if not form["role"]:
        return _page(organizer, form, {"role": sentence("required")}), 422
    try:
        sent = invitations.invite(organizer, forms.read(InvitationDraft, form))
    except Refusal as refusal:
        if refusal.status in {401, 403, 404}:
            raise
        told = sentences_by_field(refusal)
        told = {"email" if field == "form" else field: words for field, words in told.items()}
        return _page(organizer, form, told), refusal.status
    flash(_("An invitation is on its way to %(email)s.", email=sent.email), "good")
    return _back(organizer)


@bp.post("/invitations/<uuid:invitation_id>/mails")
@signed_in
def resend(organizer: str, invitation_id: UUID) -> ResponseReturnValue:
    try:
        sent = invitations.resend(organizer, str(invitation_id))
    except Refusal as refusal:
        return _told(organizer, refusal)
    flash(_("A new invitation is on its way to %(email)s.", email=sent.email), "good")
    return _back(organizer)


@bp.post("/invitations/<uuid:invitation_id>/withdrawal")
@signed_in
def withdraw(organizer: str, invitation_id: UUID) -> ResponseReturnValue:
    try:
        invitations.withdraw(organizer, str(invitation_id))
    except Refusal as refusal:
        return _told(organizer, refusal)
    flash(_("The invitation is withdrawn."), "good")
    return _back(organizer)


@bp.post("/members/<uuid:user_id>/role")
@signed_in
def change_role(organizer: str, user_id: UUID) -> ResponseReturnValue:
    try:
        change = forms.read(RoleChange, {"role": request.form.get("role")})
        changed = members.change_role(organizer, str(user_id), change.role)
    except Refusal as refusal:
        return _told(organizer, refusal)
    flash(_("%(name)s has another role now.", name=changed.name), "good")
    return _back(organizer)


@bp.get("/members/<uuid:user_id>/removal")
@signed_in
def confirm_removal(organizer: str, user_id: UUID) -> ResponseReturnValue:
    """What removing somebody does, before it is done."""
    people = members.list_members(organizer)
    person = next((one for one in people.members if one.user_id == user_id), None)
    if person is None:
        raise Refusal("not_found", 404)
    if not people.workspace.may("team:write"):
        raise Refusal("not_permitted", 403)
    return render_template("manage/team/removal.html", workspace=people.workspace, person=person)


@bp.post("/members/<uuid:user_id>/removal")
@signed_in
def remove(organizer: str, user_id: UUID) -> ResponseReturnValue:
    try:
        members.remove(organizer, str(user_id))
    except Refusal as refusal:
        return _told(organizer, refusal)
    flash(_("The person is not in the team any more."), "good")
    return _back(organizer)


@bp.post("/departure")
@signed_in
def leave(organizer: str) -> ResponseReturnValue:
    try:
        members.leave(organizer)
    except Refusal as refusal:
        if refusal.word != "last_owner":
            raise
        flash(refusal.sentence, "bad")
        return redirect(url_for("manage.settings.show", organizer=organizer), 303)
    flash(_("You have left the team."), "good")
    return redirect(url_for("workspaces.index"), 303)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("email", "role")}


def _told(organizer: str, refusal: Refusal) -> ResponseReturnValue:
    """Say no at the top of the page: what was to be changed may have changed meanwhile."""
    if refusal.status in {401, 403}:
        raise refusal
    flash(refusal.sentence, "bad")
    return _back(organizer)


def _back(organizer: str) -> ResponseReturnValue:
    return redirect(url_for("manage.team.index", organizer=organizer), 303)


def _page(organizer: str, form: Any = None, errors: dict[str, str] | None = None) -> str:
    people = members.list_members(organizer)
    return render_template(
        "manage/team/index.html",
        workspace=people.workspace,
        people=people,
        roles=ROLES,
        form=form or {"role": "manager"},
        errors=errors or {},
    )
