"""The local mailbox: answers as Resend does, keeps every mail on this machine, and shows it."""

from __future__ import annotations

from flask import Flask

from local.inbox import pages, probes, resend_api
from local.inbox.settings import Settings
from local.inbox.store import Store


def create_app(settings: Settings, store: Store) -> Flask:
    """The inbox as a WSGI application: Resend's endpoints, the pages, and the API for tests."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 60 * 1024 * 1024  # 40 MB of attachments, once base64 has grown them
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["inbox.settings"] = settings
    app.extensions["inbox.store"] = store
    app.register_blueprint(resend_api.bp)
    app.register_blueprint(probes.bp)
    app.register_blueprint(pages.bp)
    return app
