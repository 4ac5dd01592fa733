"""The language a visitor reads: their choice, else what their browser asks for."""

from __future__ import annotations

from flask import Flask, current_app, g, request
from flask_babel import Babel
from werkzeug.wrappers import Response

LANGUAGES = ["en", "fr"]
COOKIE = "language"
A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.config["LANGUAGES"] = LANGUAGES
    Babel(app, locale_selector=chosen_language)


def chosen_language() -> str:
    """One of LANGUAGES. The API looks at Accept-Language alone, pages at the visitor's choice first."""
    if not request:
        return LANGUAGES[0]
    if "language" not in g:
        choice = None if request.path.startswith("/api/") else request.cookies.get(COOKIE)
        g.language = (
            choice if choice in LANGUAGES else request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
        )
    return str(g.language)


def speak(code: str | None) -> None:
    """Answer this request in one of LANGUAGES, whatever the visitor's browser asks for."""
    if code in LANGUAGES:
        g.language = code


def remember_language(response: Response, code: str) -> None:
    response.set_cookie(
        COOKIE,
        code,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
