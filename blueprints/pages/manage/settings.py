"""How a team presents itself: its name, its address, its picture."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import signed_in
from services import organizers
from services.models.organizers import OrganizerChanges
from services.refusals import Refusal
from web.limits import takes_pictures

bp = Blueprint("settings", __name__, url_prefix="/settings")


@bp.get("")
@signed_in
def show(organizer: str) -> ResponseReturnValue:
    return _page(organizer)


@bp.post("")
@signed_in
def update(organizer: str) -> ResponseReturnValue:
    form = {name: request.form.get(name, "") for name in ("name", "slug", "about", "website", "hue")}
    try:
        team = organizers.update(organizer, _changes(form))
    except Refusal as refusal:
        return _refused(organizer, refusal, form=form)
    flash(_("Saved."), "good")
    return redirect(url_for("manage.settings.show", organizer=team.slug), 303)


@bp.post("/picture")
@signed_in
@takes_pictures
def picture(organizer: str) -> ResponseReturnValue:
    upload = request.files.get("picture")
    try:
        if "remove" in request.form:
            organizers.remove_picture(organizer)
        else:
            organizers.set_picture(organizer, upload.read() if upload else b"")
    except Refusal as refusal:
        return _refused(organizer, refusal, field="picture")
    flash(_("The picture is changed."), "good")
    return redirect(url_for("manage.settings.show", organizer=organizer), 303)


def _changes(form: dict[str, str]) -> OrganizerChanges:
    """What was typed; a hue that is no number is one that no wheel has."""
    hue = int(form["hue"]) if form["hue"].isdecimal() and len(form["hue"]) < 6 else -1
    return OrganizerChanges(
        name=form["name"],
        slug=form["slug"],
        about=form["about"],
        website=form["website"].strip() or None,
        hue=hue,
    )


def _refused(organizer: str, refusal: Refusal, form: Any = None, field: str = "") -> ResponseReturnValue:
    """The page again, with what was typed; who may not come here hears that instead."""
    if refusal.status in {401, 403, 404}:
        raise refusal
    errors = {field: refusal.sentence} if field else sentences_by_field(refusal)
    return _page(organizer, form, errors), refusal.status


def _page(organizer: str, form: Any = None, errors: dict[str, str] | None = None) -> str:
    team = organizers.read(organizer)
    return render_template(
        "manage/settings/show.html",
        workspace=team.workspace,
        team=team,
        form=form or team.model_dump(),
        errors=errors or {},
    )
