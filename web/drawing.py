"""Pages that follow from what they show alone are drawn once for each state of it."""

from __future__ import annotations

from functools import lru_cache
from threading import local
from typing import Any

from flask import render_template, request
from flask_babel import get_locale
from pydantic import BaseModel

from services import caller
from web import sessions

ENTRIES = 256  # pages of some 12 kB

_drawing = local()


def draw(template: str, **shown: Any) -> str:
    """Render a template; for those who are nobody in particular only when what it shows has changed."""
    if caller.current().signed_in or request.cookies.get(sessions.FORMS_COOKIE):
        return render_template(template, **shown)
    state = tuple(
        value.model_dump_json() if isinstance(value, BaseModel) else repr(value) for value in shown.values()
    )
    _drawing.shown = shown
    try:
        return _drawn(template, str(get_locale()), request.url, state)
    finally:
        del _drawing.shown


@lru_cache(maxsize=ENTRIES)
def _drawn(template: str, _locale: str, _address: str, _state: tuple[str, ...]) -> str:
    return render_template(template, **_drawing.shown)
