"""The browser's session: a signed cookie with the two tokens and whether it outlives the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from config import Settings
from services.outside.identity import Session

COOKIE = "guichet"
FORMS_COOKIE = "forms"
LASTS = 7 * 24 * 3600  # seconds, as long as Supabase lets a refresh token live


@dataclass(frozen=True, slots=True)
class Tokens:
    access_token: str
    refresh_token: str
    remembered: bool


def init_app(app: Flask, settings: Settings) -> None:
    app.secret_key = settings.secret_key
    # Flask's own session holds only the form token and one-time messages.
    app.config["SESSION_COOKIE_NAME"] = FORMS_COOKIE
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_SECURE"] = settings.https
    app.extensions["session-signer"] = URLSafeSerializer(settings.secret_key, salt="session")
    app.after_request(_write)


def tokens() -> Tokens | None:
    """What the browser's cookie holds; None when there is none, or it was tampered with."""
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    try:
        access_token, refresh_token, remembered = _signer().loads(cookie)
    except (BadSignature, TypeError, ValueError):
        return None
    return Tokens(access_token, refresh_token, bool(remembered))


def begin(session: Session, *, remembered: bool) -> None:
    """Give the browser this session with the answer; `remembered` lets it outlive the browser."""
    g.session_cookie = Tokens(session.access_token, session.refresh_token, remembered)


def end() -> None:
    """Take the session from the browser with the answer."""
    g.session_cookie = "none"


def _write(response: Response) -> Response:
    change: Tokens | Literal["none"] | None = g.get("session_cookie")
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    if change == "none":
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=secure)
    elif change is not None:
        value = _signer().dumps([change.access_token, change.refresh_token, int(change.remembered)])
        lasts = LASTS if change.remembered else None
        response.set_cookie(COOKIE, str(value), max_age=lasts, httponly=True, samesite="Lax", secure=secure)
    if change is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


def _signer() -> URLSafeSerializer:
    signer: URLSafeSerializer = current_app.extensions["session-signer"]
    return signer
