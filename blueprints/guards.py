"""Who asks, and who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from services import caller, sessions
from services.caller import Caller
from services.orders import ORDER_SECRET
from services.outside import identity, storage
from services.outside.tokens import Claims
from services.refusals import Refusal, Unavailable
from web import sessions as browser
from web.correlation import correlation_id
from web.languages import chosen_language

P = ParamSpec("P")
R = TypeVar("R")

# A guest's browser keeps the secret of an order in a cookie of this name, set for that order's path alone.
ORDER_COOKIE = "order_secret"
API_KEY = re.compile(r"(gk|vk)_[A-Za-z0-9_-]{43}")  # a team's, or a venue's
# These answer everyone alike.
ANONYMOUS = {"health", "webhooks", "language", "widgets"}


# What a form says that came without our token, and is drawn again with a fresh one.
STALE = Refusal("form_expired", 400)


def init_app(app: Flask) -> None:
    app.before_request(_identify)
    app.after_request(_keep_private)
    app.teardown_request(_forget)
    app.context_processor(lambda: {"me": me()})


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Only for people who are signed in; a page sends others to sign in first, the API answers 401."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not caller.current().signed_in:
            raise g.get("session_doubt") or Refusal("sign_in_required", 401)
        return view(*args, **kwargs)

    return guarded


def signed_in_or_key(view: Callable[P, R]) -> Callable[P, R]:
    """For people who are signed in and for a team's programs with their key; Postgres knows what each may."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        who = caller.current()
        if not who.signed_in and not who.api_key:
            raise Refusal("sign_in_required", 401)
        return view(*args, **kwargs)

    return guarded


def drawn_again(draw: Callable[P, str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view answer a form that came without our token with that form, which `draw` draws filled in."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.draw_again = draw  # type: ignore[attr-defined]
        return view

    return mark


def require_form_token(csrf: CSRFProtect) -> ResponseReturnValue | None:
    """Refuse a page's form without our token. API clients and webhooks prove themselves otherwise."""
    if request.endpoint is None or request.path.startswith(("/api/", "/webhooks/")):
        return None
    try:
        csrf.protect()
    except CSRFError:
        draw = getattr(current_app.view_functions.get(request.endpoint), "draw_again", None)
        if draw is None:
            raise
        return draw(**(request.view_args or {})), 400
    return None


def recognise() -> None:
    """Know by their token whom an error page is for, where a request ended before anybody asked."""
    tokens = browser.tokens()
    if g.get("identified") or tokens is None:
        return
    with suppress(Refusal, Unavailable):
        _sign_in(tokens.access_token, identity.verify(tokens.access_token))


def me() -> dict[str, Any] | None:
    """Who is signed in, as pages greet them; read from the token, without a call."""
    claims: Claims | None = g.get("claims")
    if claims is None:
        return None
    avatar = storage.address("avatars", claims.avatar_path) if claims.avatar_path else None
    return {"display_name": claims.display_name or claims.email, "email": claims.email, "avatar_url": avatar}


def _identify() -> None:
    g.identified = True
    caller.become(
        Caller(address=request.remote_addr, correlation_id=correlation_id(), locale=chosen_language())
    )
    if request.endpoint == "static" or request.blueprint in ANONYMOUS:
        return
    if request.path.startswith("/api/v1/"):
        _identify_client()
    else:
        _identify_browser()


def _identify_client() -> None:
    """An API client shows its token, a team's key, or the secret of a guest's order, in a header."""
    _present(request.headers.get("X-Order-Secret"))
    if key := request.headers.get("X-Api-Key"):
        _present_key(key)
    if "Authorization" not in request.headers:
        return
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        raise Refusal("sign_in_required", 401)
    _sign_in(authorization.token, identity.verify(authorization.token))


def _identify_browser() -> None:
    _present(request.cookies.get(ORDER_COOKIE))
    tokens = browser.tokens()
    if tokens is None:
        return
    try:
        kept = sessions.keep(tokens.access_token, tokens.refresh_token)
    except Refusal:
        browser.end()
    except Unavailable as error:
        # Pages for everyone still work; only what needs to know the person says that it cannot.
        g.session_doubt = error
    else:
        if kept.renewed is not None:
            browser.begin(kept.renewed, remembered=tokens.remembered)
        _sign_in(kept.access_token, kept.claims)


def _forget(_error: BaseException | None) -> None:
    """The thread serves somebody else next."""
    caller.become(caller.VISITOR)


def _keep_private(response: Response) -> Response:
    """What somebody known is answered is theirs alone: pages may be kept to go back to, data may not."""
    who = caller.current()
    if who.signed_in or who.order_secret or who.api_key:
        is_page = response.mimetype == "text/html"
        response.headers.setdefault("Cache-Control", "private, no-cache" if is_page else "no-store")
    return response


def _present(secret: str | None) -> None:
    """Pass an order's secret on; what cannot be one opens nothing, and may not even fit into a header."""
    if secret and ORDER_SECRET.fullmatch(secret):
        caller.present_order_secret(secret)


def _present_key(key: str) -> None:
    if not API_KEY.fullmatch(key):
        raise Refusal("api_key_unknown", 401)
    caller.become(replace(caller.current(), api_key=key))


def _sign_in(access_token: str, claims: Claims) -> None:
    g.claims = claims
    caller.become(replace(caller.current(), access_token=access_token, user_id=claims.user_id))
