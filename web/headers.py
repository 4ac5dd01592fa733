"""Security headers on every answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, g
from flask.typing import ResponseReturnValue

from config import Settings
from services.outside.challenge import ORIGIN

P = ParamSpec("P")

PERMISSIONS = (
    "accelerometer=(), camera=(self), geolocation=(self), gyroscope=(), microphone=(), payment=(), usb=()"
)


def init_app(app: Flask, settings: Settings) -> None:
    headers = _headers(settings)
    framed = {**headers, "Content-Security-Policy": content_security_policy(settings, framed_by="*")}
    del framed["X-Frame-Options"]  # which knows no "everywhere"

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in (framed if "framable" in g else headers).items():
            response.headers.setdefault(name, value)
        return response


def framable(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let any site show a view in a frame: it must know nobody and change nothing."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        g.framable = True
        return view(*args, **kwargs)

    return marked


def content_security_policy(settings: Settings, framed_by: str = "'none'") -> str:
    """Only our own scripts and styles; Supabase for pictures and live updates; frames only
    for a challenge, no inline code."""
    widget = f" {ORIGIN}" if settings.turnstile_site_key else ""
    websocket = settings.realtime_url.removesuffix("/realtime/v1")
    rules = {
        "default-src": "'none'",
        "script-src": f"'self'{widget}",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": f"'self' data: {settings.supabase_url}",
        "connect-src": f"'self' {settings.supabase_url} {websocket}",
        "frame-src": widget.strip() or "'none'",
        "manifest-src": "'self'",
        "form-action": f"'self' {_checkout_origin(settings)}",
        "base-uri": "'none'",
        "frame-ancestors": framed_by,
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _checkout_origin(settings: Settings) -> str:
    # Browsers hold a form's redirect against form-action, and the checkout button leads to Stripe's page.
    return settings.stripe_api_url or "https://checkout.stripe.com"


def _headers(settings: Settings) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_security_policy(settings),
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.https:
        headers["Strict-Transport-Security"] = "max-age=63072000"
    return headers
