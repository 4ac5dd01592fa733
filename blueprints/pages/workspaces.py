"""The way into one's teams' workspaces, and the making of a new team."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms
from services import organizers, workspaces
from services.models.organizers import OrganizerDraft
from services.refusals import Refusal

bp = Blueprint("workspaces", __name__)


@bp.get("/manage")
@signed_in
def index() -> ResponseReturnValue:
    """All teams of whoever is signed in; who has none begins with one."""
    teams = workspaces.list_workspaces()
    return render_template("manage/index.html", teams=teams) if teams else new()


@bp.get("/manage/new")
@signed_in
def new() -> ResponseReturnValue:
    return render_template("manage/new.html", form={}, errors={})


@signed_in
def _stale_page() -> str:
    return render_template("manage/new.html", form=_typed(), errors=sentences_by_field(STALE))


@bp.post("/manage")
@signed_in
@drawn_again(_stale_page)
def create() -> ResponseReturnValue:
    form = _typed()
    try:
        team = organizers.create(forms.read(OrganizerDraft, form | {"slug": form["slug"].strip() or None}))
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        page = render_template("manage/new.html", form=form, errors=sentences_by_field(refusal))
        return page, refusal.status
    flash(_("%(team)s is ready. Now its first event.", team=team.name), "good")
    return redirect(url_for("manage.events.new", organizer=team.slug), 303)


@bp.get("/manage/<organizer>")
@signed_in
def show(organizer: str) -> ResponseReturnValue:
    return redirect(url_for("manage.events.index", organizer=organizer))


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("name", "slug")}
