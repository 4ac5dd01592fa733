"""HTML, by resource."""

from __future__ import annotations

from blueprints.pages import language, session

BLUEPRINTS = [language.bp, session.bp]
