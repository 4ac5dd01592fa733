"""The visitor's choice of language."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from web.languages import LANGUAGES, remember_language
from web.paths import local_path

bp = Blueprint("language", __name__)


@bp.get("/language/<code>")
def choose(code: str) -> ResponseReturnValue:
    if code not in LANGUAGES:
        abort(404)
    response = redirect(local_path(request.args.get("next")), 303)
    remember_language(response, code)
    return response
