"""The sandbox as a Flask application."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from . import api, checkout_page, controls, money, overview
from .api.endpoint import refuse
from .errors import no_such_url
from .settings import Settings
from .storage import Store

_LARGEST_REQUEST = 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """The application; the clockwork is started by whoever serves it."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.config["MAX_FORM_PARTS"] = app.config["MAX_FORM_MEMORY_SIZE"] = None
    app.extensions["store"] = Store(settings)
    for part in (api, checkout_page, controls, overview):
        app.register_blueprint(part.blueprint)
    app.add_template_filter(money.written, "money")
    app.add_template_filter(_moment, "moment")
    app.register_error_handler(NotFound, _not_found)
    return app


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %H:%M:%S UTC")


def _not_found(error: NotFound) -> tuple[Response, int] | NotFound:
    if request.path.startswith("/v1/"):
        return refuse(no_such_url(request.method, request.path))
    return error
