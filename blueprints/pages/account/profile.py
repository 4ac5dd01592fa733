"""One's own profile and picture."""

from __future__ import annotations

from typing import Any

import structlog
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms
from blueprints.pages.account import bp
from blueprints.uploads import picture
from services import accounts
from services.languages import list_languages
from services.models.accounts import ProfileChanges
from services.refusals import Refusal, Unavailable
from web import sessions as browser
from web.languages import remember_language
from web.limits import takes_pictures

log = structlog.stdlib.get_logger("guichet.accounts")


@bp.get("/account/profile")
@signed_in
def profile() -> ResponseReturnValue:
    return _profile_page({})


@signed_in
def _stale_page() -> str:
    return _profile_page(_typed(), sentences_by_field(STALE))


@bp.post("/account/profile")
@signed_in
@drawn_again(_stale_page)
def update_profile() -> ResponseReturnValue:
    typed = _typed()
    try:
        me = accounts.update_me(forms.read(ProfileChanges, typed))
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        return _profile_page(typed, sentences_by_field(refusal)), refusal.status
    _greet_anew()
    flash(_("Your profile is saved."))
    response = redirect(url_for("account.profile"), 303)
    remember_language(response, me.locale)
    return response


@bp.post("/account/avatar")
@signed_in
@takes_pictures
def avatar() -> ResponseReturnValue:
    try:
        if "remove" in request.form:
            accounts.remove_avatar()
        else:
            accounts.set_avatar(picture("avatar"))
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        return _profile_page({}, {"avatar": refusal.sentence}), refusal.status
    _greet_anew()
    flash(_("Your picture is changed."))
    return redirect(url_for("account.profile"), 303)


def _typed() -> dict[str, Any]:
    return {
        "display_name": request.form.get("display_name", ""),
        "birth_date": request.form.get("birth_date", ""),
        "location": request.form.get("location", ""),
        "locale": request.form.get("locale", "en"),
        "native_languages": request.form.getlist("native_languages"),
        "target_languages": request.form.getlist("target_languages"),
    }


def _greet_anew() -> None:
    """Exchange the token: pages greet people by the name and picture in it."""
    tokens = browser.tokens()
    if tokens is None:
        return
    try:
        browser.begin(accounts.refresh(tokens.refresh_token), remembered=tokens.remembered)
    except (Refusal, Unavailable) as error:
        log.info("greeted as before until the token runs out", reason=str(error))


def _profile_page(typed: dict[str, Any], errors: dict[str, str] | None = None) -> str:
    me = accounts.read_me()
    form = typed or me.model_dump(include=set(ProfileChanges.model_fields))
    return render_template(
        "account/profile.html", profile=me, form=form, errors=errors or {}, languages=list_languages()
    )
