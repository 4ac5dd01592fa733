"""The API, to browse."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("docs", __name__)


@bp.get("/api/docs")
def show() -> ResponseReturnValue:
    return render_template("api/docs.html")
