"""Guichet's web application: `gunicorn 'app:create_app()'`, `flask run`."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Flask
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import blueprints
import cli
from blueprints import errors, guards
from blueprints.api import description
from config import Settings, read_settings
from services import outside
from web import (
    bodies,
    challenges,
    correlation,
    cors,
    formatting,
    headers,
    key_uses,
    languages,
    limits,
    linked_data,
    logs,
    metrics,
    places,
    sessions,
    sketch,
)
from web.public_cache import PublicCache

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> APIFlask:
    """Make the application. Raises SettingsError when the environment cannot start it; calls nobody."""
    settings = settings or read_settings()
    app = APIFlask(
        __name__,
        title="Guichet",
        version="1",
        spec_path="/api/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    app.config["SETTINGS"] = settings
    app.extensions["outside"] = outside.connect(settings)
    description.init_app(app, settings)
    _surround(app, settings)
    blueprints.register(app)
    cli.register(app)
    return app


def _surround(app: APIFlask, settings: Settings) -> None:
    """Put the plumbing around the views; what is registered first sees a request first."""
    logs.configure(settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    bodies.init_app(app)
    app.wsgi_app = PublicCache(app.wsgi_app)  # type: ignore[method-assign]
    correlation.init_app(app)
    logs.init_app(app, settings)
    metrics.init_app(app)
    headers.init_app(app, settings)
    cors.init_app(app, settings)
    languages.init_app(app)
    formatting.register(app)
    places.register(app)
    linked_data.register(app)
    sketch.register(app)
    limits.init_app(app, settings)
    challenges.init_app(app)
    sessions.init_app(app, settings)
    guards.init_app(app)
    key_uses.init_app(app)
    _protect_forms(app)
    errors.init_app(app)
    app.context_processor(
        lambda: {"realtime": {"url": settings.realtime_url, "key": settings.supabase_publishable_key}}
    )


def _protect_forms(app: Flask) -> None:
    """Pages' forms carry a token; API clients show who they are in a header, which no other site can add."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # The token and SameSite cookies protect; browsers that keep the referrer to themselves are welcome.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    csrf.init_app(app)

    @app.before_request
    def protect() -> ResponseReturnValue | None:
        return guards.require_form_token(csrf)
