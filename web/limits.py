"""How much and how often one visitor may ask."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask_limiter import Limiter
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]

from config import Settings
from web.counting import ProcessStorage

View = TypeVar("View", bound=Callable[..., Any])

MIB = 1024 * 1024
BODY = MIB
PICTURE_BODY = 6 * MIB


def visitor_address() -> str:
    """The visitor's address as the stated number of trusted proxies tell it; of IPv6, the network it is in.

    Whoever has one IPv6 address has the 2⁶⁴ of its network, and would be somebody else with each.
    """
    told = request.remote_addr or "unknown"
    if ":" not in told:
        return told
    try:
        address = IPv6Address(told)
    except ValueError:
        return told
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))


# Redis may be away: each process then counts for itself.
limiter = Limiter(key_func=visitor_address, in_memory_fallback_enabled=True)

sign_up_limit = limiter.shared_limit("5 per minute", scope="sign-up")
sign_in_limit = limiter.shared_limit("10 per minute", scope="sign-in")
recovery_limit = limiter.shared_limit("5 per minute", scope="recovery")
event_read_limit = limiter.shared_limit("120 per minute", scope="event-read")
# Postgres counts the orders that are placed; those that are refused tell which codes there are.
order_attempt_limit = limiter.shared_limit("120 per minute", scope="order-attempt")
# Each return asks Stripe.
payment_return_limit = limiter.shared_limit("60 per minute", scope="payment-return")


def seconds_to_wait() -> int:
    """After a refusal: how long until the visitor may ask again."""
    breached = limiter.current_limit
    return max(1, breached.reset_at - math.ceil(time.time())) if breached else 60


def takes_pictures(view: View) -> View:
    """Let a view receive a body large enough for a picture of 5 MiB."""
    view.body_limit = PICTURE_BODY  # type: ignore[attr-defined]
    return view


def takes_picture() -> bool:
    """Whether the view that was asked for receives pictures."""
    return hasattr(current_app.view_functions.get(request.endpoint or ""), "body_limit")


def init_app(app: Flask, settings: Settings) -> None:
    app.config["MAX_CONTENT_LENGTH"] = BODY
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or f"{ProcessStorage.STORAGE_SCHEME[0]}://"
    if settings.redis_url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    app.before_request(_refuse_large_bodies)
    limiter.init_app(app)


def _refuse_large_bodies() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, "body_limit", BODY)
    length = request.content_length
    if length is None and request.headers.get("Transfer-Encoding") == "chunked":
        # A body of unknown length would be cut at the limit without a word.
        length = len(_whole_body()) + 1
    if (length or 0) > request.max_content_length:
        abort(413)


def _whole_body() -> bytes:
    try:
        return request.get_data()
    except (ParseException, OSError):  # gunicorn's and werkzeug's words for chunks that are none
        abort(400)
