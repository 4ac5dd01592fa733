"""The inbox as people use it: a list, one mail, its HTML in a frame that can do no harm."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from flask import Blueprint, abort, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from local.inbox.messages import Message
from local.inbox.resend_api import store

# The mail may show pictures and its own styles; links open outside. No script runs, nothing is submitted.
FRAME_POLICY = (
    "default-src 'none'; img-src data: http: https:; style-src 'unsafe-inline'; font-src data: http: https:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-same-origin; frame-ancestors 'self'"
)
PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "frame-src 'self'; form-action 'self'"
)
bp = Blueprint("pages", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    to = request.args.get("to", "").strip()
    return _page("list.html", messages=store().messages(to=to), to=to)


@bp.post("/clear")
def clear() -> ResponseReturnValue:
    store().clear()
    return redirect(url_for("pages.index"), 303)


@bp.get("/messages/<message_id>")
def show(message_id: str) -> ResponseReturnValue:
    return _page("message.html", message=_find(message_id))


@bp.get("/messages/<message_id>/html")
def html(message_id: str) -> ResponseReturnValue:
    message = _find(message_id)
    body = message.html or ""
    for attachment in message.attachments:
        if attachment.content_id:
            source = url_for(
                "pages.attachment", message_id=message.id, attachment_id=attachment.id, _external=True
            )
            body = body.replace(f"cid:{attachment.content_id}", source)
    response = make_response(f'<base target="_blank">{body}' if "<head" not in body else _with_base(body))
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return response


@bp.get("/messages/<message_id>/attachments/<attachment_id>")
def attachment(message_id: str, attachment_id: str) -> ResponseReturnValue:
    found = next((each for each in _find(message_id).attachments if each.id == attachment_id), None) or abort(
        404
    )
    response = send_file(
        BytesIO(found.content), found.content_type, as_attachment=True, download_name=found.filename
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.app_template_filter("moment")
def moment(instant: str) -> str:
    """An instant as the reader's machine tells the time: `20 Nov, 14:28:05`."""
    return datetime.fromisoformat(instant).astimezone().strftime("%-d %b, %H:%M:%S")


@bp.app_template_filter("size")
def size(octets: int) -> str:
    return f"{octets} B" if octets < 1024 else f"{octets / 1024:.1f} KiB"


def _page(template: str, **values: object) -> ResponseReturnValue:
    response = make_response(render_template(template, **values))
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response


def _find(message_id: str) -> Message:
    return store().message(message_id) or abort(404)


def _with_base(body: str) -> str:
    start = body.index(">", body.index("<head")) + 1
    return f'{body[:start]}<base target="_blank">{body[start:]}'
