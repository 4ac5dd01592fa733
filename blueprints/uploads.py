"""Files that come with a page's form."""

from __future__ import annotations

from flask import request

from services.refusals import Refusal


def picture(field: str) -> bytes:
    """The picture that was chosen. Raises Refusal `picture_missing` where none was."""
    upload = request.files.get(field)
    if upload is None or not upload.filename:
        raise Refusal("picture_missing", 422)
    content: bytes = upload.read()
    return content
