"""JSON as it comes in and goes out."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider


class Json(DefaultJSONProvider):
    """Keys keep their order; text that nests too deep for the parser is malformed, not a failure of ours."""

    sort_keys = False
    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def init_app(app: Flask) -> None:
    app.json = Json(app)
