"""The inbox as tests use it: read and clear mails, and order bad luck."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from local.inbox.failures import Failure
from local.inbox.resend_api import store

LONGEST_WAIT = 30.0
bp = Blueprint("probes", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/_inbox/messages")
def list_messages() -> ResponseReturnValue:
    """Newest first. `to`: part of an address; `after`: ISO instant; `wait`: seconds to wait for the first."""
    wait = min(request.args.get("wait", 0.0, float), LONGEST_WAIT)
    found = store().wait_for_messages(
        to=request.args.get("to", ""),
        after=request.args.get("after", "").replace("Z", "+00:00"),
        seconds=wait,
    )
    return jsonify(messages=[message.as_json() for message in found])


@bp.delete("/_inbox/messages")
def clear_messages() -> ResponseReturnValue:
    return jsonify(deleted=store().clear())


@bp.get("/_inbox/failures")
def list_failures() -> ResponseReturnValue:
    return jsonify(failures=[_as_json(failure) for failure in store().planned()])


@bp.post("/_inbox/failures")
def plan_failure() -> ResponseReturnValue:
    try:
        failure = Failure.read(request.get_json(force=True))
    except ValueError as error:
        return jsonify(message=str(error)), 422
    store().plan(failure)
    return jsonify(_as_json(failure)), 201


@bp.delete("/_inbox/failures")
def forget_failures() -> ResponseReturnValue:
    store().forget_failures()
    return "", 204


def _as_json(failure: Failure) -> dict[str, Any]:
    return vars(failure)
