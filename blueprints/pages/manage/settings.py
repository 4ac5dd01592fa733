"""How a team presents itself: its name, its address, its picture."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import uploads
from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms
from blueprints.pages.manage.event_form import Form, in_order, reconciled
from services import organizers
from services.models.organizers import OrganizerChanges, OwnOrganizer
from services.refusals import Refusal
from web.limits import takes_pictures

bp = Blueprint("settings", __name__, url_prefix="/settings")
FIELDS = ("name", "slug", "about", "website", "hue", "revision")
ORDER = ("name", "website", "about", "hue", "slug")  # of the fields on the page


@bp.get("")
@signed_in
def show(organizer: str) -> ResponseReturnValue:
    return _page(organizers.read(organizer))


@signed_in
def _stale_page(organizer: str) -> str:
    return _page(organizers.read(organizer), _typed(), sentences_by_field(STALE))


@bp.post("")
@signed_in
@drawn_again(_stale_page)
def update(organizer: str) -> ResponseReturnValue:
    form = _typed()
    try:
        team = organizers.update(organizer, _number(form["revision"]), _changes(form))
    except Refusal as refusal:
        return _refused(organizer, refusal, form)
    flash(_("Saved."), "good")
    return redirect(url_for("manage.settings.show", organizer=team.slug), 303)


@bp.post("/picture")
@signed_in
@takes_pictures
def picture(organizer: str) -> ResponseReturnValue:
    try:
        if "remove" in request.form:
            organizers.remove_picture(organizer)
        else:
            organizers.set_picture(organizer, uploads.picture("picture"))
    except Refusal as refusal:
        return _refused(organizer, refusal, field="picture")
    flash(_("The picture is changed."), "good")
    return redirect(url_for("manage.settings.show", organizer=organizer), 303)


def _typed() -> Form:
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in FIELDS}


def _changes(form: Form) -> OrganizerChanges:
    return forms.read(
        OrganizerChanges,
        {
            **{name: form[name] for name in ("name", "slug", "about")},
            "website": form["website"].strip() or None,
            "hue": _number(form["hue"]),
        },
    )


def _number(words: str) -> int:
    """A number as forms send it; what is none is one that no revision or hue has."""
    return int(words) if words.isdecimal() and len(words) < 9 else -1


def _filled(team: OwnOrganizer) -> Form:
    return {name: _shown(getattr(team, name)) for name in FIELDS}


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _refused(
    organizer: str, refusal: Refusal, form: Form | None = None, field: str = ""
) -> ResponseReturnValue:
    """The page again, with what was typed; who may not come here hears that instead."""
    if refusal.status in {401, 403, 404}:
        raise refusal
    team = organizers.read(organizer)
    errors = {field: refusal.sentence} if field else sentences_by_field(refusal)
    if form and refusal.word == "edited_meanwhile":
        changes = refusal.detail.get("changes", {})
        before = {name: _shown(change.get("before")) for name, change in changes.items()}
        form, errors = reconciled(form, refusal, before, _filled(team))
    return _page(team, form, in_order(errors, ORDER)), refusal.status


def _page(team: OwnOrganizer, form: Form | None = None, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "manage/settings/show.html",
        workspace=team.workspace,
        team=team,
        form=form or _filled(team),
        errors=errors or {},
    )
