"""One's account: the way in, and what is kept."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("account", __name__)

from blueprints.pages.account import access, data, profile  # noqa: E402, F401 (the views join the blueprint)
