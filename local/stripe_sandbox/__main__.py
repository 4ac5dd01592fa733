"""`python -m local.stripe_sandbox` serves the sandbox on 127.0.0.1."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from . import clockwork
from .app import create_app
from .settings import Settings


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with one process, since the clockwork must run once, and many threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._settings.port}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": 32,
            "keepalive": 75,
            "timeout": 0,
            "graceful_timeout": 5,
            "proc_name": "stripe-sandbox",
            "loglevel": "warning",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Called in the worker, after the fork: SQLite and threads do not survive one."""
        app = create_app(self._settings)
        clockwork.start(app.extensions["store"])
        return app


if __name__ == "__main__":
    Server(Settings.read(os.environ)).run()
