"""HTML, by resource."""

from __future__ import annotations

from blueprints.pages import account, docs, events, language, orders, session

BLUEPRINTS = [events.bp, orders.bp, account.bp, language.bp, session.bp, docs.bp]
