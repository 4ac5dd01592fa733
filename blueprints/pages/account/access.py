"""Signing up, in and out, and the way back to a lost password."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.errors import sentences_by_field
from blueprints.guards import STALE, drawn_again, signed_in
from blueprints.pages import forms
from blueprints.pages.account import bp
from services import accounts, caller
from services.languages import list_languages
from services.models.accounts import SignUp
from services.refusals import Refusal
from web import sessions as browser
from web.limits import recovery_limit, sign_in_limit, sign_up_limit
from web.paths import local_path

SIGN_UP_FIELDS = (
    "form",
    "display_name",
    "email",
    "password",
    "birth_date",
    "native_languages",
    "target_languages",
    "consent",
)
MAIL_LINKS = {"signup", "email", "recovery", "magiclink", "invite", "email_change"}


@bp.get("/account/sign-up")
def sign_up() -> ResponseReturnValue:
    return _sign_up_page({"email": request.args.get("email", "")})


def _stale_sign_up() -> str:
    return _sign_up_page(_typed(), sentences_by_field(STALE))


@bp.post("/account/sign-up")
@sign_up_limit
@drawn_again(_stale_sign_up)
def create_account() -> ResponseReturnValue:
    typed = _typed()
    try:
        opened = accounts.sign_up(forms.read(SignUp, typed | {"password": request.form.get("password", "")}))
    except Refusal as refusal:
        return _sign_up_page(typed, sentences_by_field(refusal)), refusal.status
    if opened is not None:
        browser.begin(opened, remembered=False)
        return redirect(_next(), 303)
    session["next"] = _next("")  # the link in the mail leads on from there
    return _tell_to_check_mail(typed["email"], "confirmation")


@bp.post("/account/confirmation")
@sign_up_limit
def resend_confirmation() -> ResponseReturnValue:
    email = request.form.get("email", "")
    accounts.resend_confirmation(email)
    return _tell_to_check_mail(email, "confirmation")


@bp.get("/account/check-mail")
def check_mail() -> ResponseReturnValue:
    """What to do after a mail was sent; the address is kept in the form cookie, not in the URL."""
    return render_template(
        "account/check_mail.html", email=session.get("mailed"), kind=session.get("mail_kind")
    )


@bp.get("/account/sign-in")
def sign_in() -> ResponseReturnValue:
    if caller.current().signed_in:
        return redirect(_next(), 303)
    return _sign_in_page(request.args.get("email", ""))


def _stale_sign_in() -> str:
    return _sign_in_page(request.form.get("email", "").strip(), STALE)


@bp.post("/account/sign-in")
@sign_in_limit
@drawn_again(_stale_sign_in)
def open_session() -> ResponseReturnValue:
    email = request.form.get("email", "").strip()
    try:
        opened = accounts.sign_in(email, request.form.get("password", ""))
    except Refusal as refusal:
        return _sign_in_page(email, refusal), refusal.status
    browser.begin(opened, remembered="remember" in request.form)
    return redirect(_next(), 303)


@bp.post("/account/sign-out")
def sign_out() -> ResponseReturnValue:
    accounts.sign_out()
    browser.end()
    session.clear()
    flash(_("You are signed out."))
    return redirect(_next(url_for("events.index")), 303)


@bp.get("/account/recovery")
def recovery() -> ResponseReturnValue:
    return render_template("account/recovery.html", form={}, errors={})


@bp.post("/account/recovery")
@recovery_limit
def send_recovery() -> ResponseReturnValue:
    email = request.form.get("email", "").strip()
    accounts.send_recovery(email)
    return _tell_to_check_mail(email, "recovery")


@bp.get("/auth/confirm")
def confirm() -> ResponseReturnValue:
    """A page with one button: programs that fetch the links of a mail beforehand must not use the link up."""
    link = {"token_hash": request.args.get("token_hash", ""), "type": request.args.get("type", "")}
    page = render_template("account/confirm.html", **link, is_link=_is_link(link["token_hash"], link["type"]))
    return page, {"Cache-Control": "no-store"}


@bp.post("/auth/confirm")
@sign_in_limit
def follow_link() -> ResponseReturnValue:
    token_hash, link_type = request.form.get("token_hash", ""), request.form.get("type", "")
    if not _is_link(token_hash, link_type):
        raise Refusal("link_expired", 410)
    browser.begin(accounts.follow_link(token_hash, link_type), remembered=False)  # type: ignore[arg-type]
    if link_type == "recovery":
        return redirect(url_for("account.new_password"), 303)
    flash(_("Your address is confirmed. Welcome!"))
    return redirect(local_path(session.pop("next", None), url_for("events.index")), 303)


@bp.get("/account/password")
@signed_in
def new_password() -> ResponseReturnValue:
    return render_template("account/new_password.html", errors={})


@bp.post("/account/password")
@signed_in
@sign_in_limit
def change_password() -> ResponseReturnValue:
    tokens = browser.tokens()
    try:
        accounts.change_password(request.form.get("password", ""), tokens.refresh_token if tokens else "")
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        return render_template(
            "account/new_password.html", errors=sentences_by_field(refusal)
        ), refusal.status
    flash(_("Your new password is set. Your other devices are signed out."))
    return redirect(url_for("account.profile"), 303)


def _typed() -> dict[str, Any]:
    """The form of a new account as it was filled in, but for the password."""
    return {
        "email": request.form.get("email", ""),
        "display_name": request.form.get("display_name", ""),
        "birth_date": request.form.get("birth_date", ""),
        "native_languages": request.form.getlist("native_languages"),
        "target_languages": request.form.getlist("target_languages"),
        "consent": "consent" in request.form,
    }


def _sign_up_page(form: dict[str, Any], errors: dict[str, str] | None = None) -> str:
    """The form; what is wrong with it is said in the order of its fields."""
    found = errors or {}
    told = {field: found[field] for field in (*SIGN_UP_FIELDS, *found) if field in found}
    return render_template(
        "account/sign_up.html", form=form, errors=told, languages=list_languages(), next=_next("")
    )


def _sign_in_page(email: str, refusal: Refusal | None = None) -> str:
    return render_template(
        "account/sign_in.html",
        form={"email": email, "remember": "remember" in request.form},
        errors=sentences_by_field(refusal) if refusal else {},
        unconfirmed=refusal is not None and refusal.word == "email_not_confirmed",
        next=_next(""),
    )


def _tell_to_check_mail(email: str, kind: str) -> ResponseReturnValue:
    session["mailed"], session["mail_kind"] = email, kind
    return redirect(url_for("account.check_mail"), 303)


def _is_link(token_hash: str, link_type: str) -> bool:
    return bool(token_hash) and link_type in MAIL_LINKS


def _next(otherwise: str = "/") -> str:
    return local_path(request.values.get("next"), otherwise)
