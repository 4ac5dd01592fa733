"""Tables for spreadsheets, line by line: nothing that somebody typed is ever run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, stream_with_context

# Spreadsheets take what begins with these for a formula. Source: OWASP, CSV Injection.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else


def csv_file(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    """A file to keep, sent while its rows are still being read."""
    response = Response(stream_with_context(_written(rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _written(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    yield BYTE_ORDER_MARK
    for row in rows:
        writer.writerow(map(harmless, row))
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def harmless(value: Any) -> str:
    """A cell as text; an apostrophe before what would be a formula keeps it one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
