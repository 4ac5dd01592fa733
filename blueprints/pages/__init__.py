"""HTML, by resource."""

from __future__ import annotations

from blueprints.pages import account, docs, language, session

BLUEPRINTS = [account.bp, language.bp, session.bp, docs.bp]
