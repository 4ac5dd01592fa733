"""HTTP only: parse, authorize, call one service, render."""

from __future__ import annotations

from apiflask import APIFlask

from blueprints import api, health, pages, webhooks
from blueprints.pages import manage


def register(app: APIFlask) -> None:
    app.register_blueprint(health.bp)
    app.register_blueprint(webhooks.bp)
    app.register_blueprint(api.make_blueprint())
    for page in pages.BLUEPRINTS:
        app.register_blueprint(page)
    app.register_blueprint(manage.make_blueprint())
