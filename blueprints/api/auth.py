"""Sessions for API clients."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from blueprints.guards import signed_in
from blueprints.links import Links, link
from services import accounts
from services.models import Output
from services.models.accounts import Recovery, Refresh, SignedIn, SignIn, SignUp
from services.outside import identity
from services.outside.identity import Session
from web.limits import recovery_limit, sign_in_limit, sign_up_limit

bp = APIBlueprint("auth", __name__, url_prefix="/auth", tag="Accounts")


class SessionOut(Output):
    """Tokens: show the access token as `Authorization: Bearer …`; `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    user: SignedIn
    links: Links


class NewAccount(Output):
    """`session` is absent until the address is confirmed."""

    email: str
    session: SessionOut | None = None
    links: Links


@bp.post("/signup")
@sign_up_limit
@bp.input(SignUp)
@bp.output(NewAccount, status_code=201)
@bp.doc(summary="Sign up")
def sign_up(json_data: SignUp) -> Any:
    session = accounts.sign_up(json_data)
    links = {"login": link("api.auth.login", "POST")}
    return NewAccount(email=json_data.email, session=_shown(session) if session else None, links=links)


@bp.post("/login")
@sign_in_limit
@bp.input(SignIn)
@bp.output(SessionOut)
@bp.doc(summary="Sign in")
def login(json_data: SignIn) -> Any:
    return _shown(accounts.sign_in(json_data.email, json_data.password))


@bp.post("/refresh")
@sign_in_limit
@bp.input(Refresh)
@bp.output(SessionOut)
@bp.doc(summary="Exchange a refresh token", description="A refresh token is spent by its use.")
def refresh(json_data: Refresh) -> Any:
    return _shown(accounts.refresh(json_data.refresh_token))


@bp.post("/logout")
@signed_in
@bp.output({}, status_code=204)
@bp.doc(summary="Sign out", description="The session ends at once, everywhere.", security="bearer")
def logout() -> ResponseReturnValue:
    accounts.sign_out()
    return "", 204


@bp.post("/recovery")
@recovery_limit
@bp.input(Recovery)
@bp.output({}, status_code=202)
@bp.doc(summary="Ask for a new password", description="Answers the same whether or not there is an account.")
def recover(json_data: Recovery) -> ResponseReturnValue:
    accounts.send_recovery(json_data.email)
    return {}, 202


def _shown(session: Session) -> SessionOut:
    name = identity.verify(session.access_token).display_name
    return SessionOut(
        access_token=session.access_token,
        refresh_token=session.refresh_token,
        expires_in=session.expires_in,
        user=SignedIn(id=session.user_id, email=session.email, display_name=name),
        links={
            "me": link("api.me.show"),
            "refresh": link("api.auth.refresh", "POST"),
            "logout": link("api.auth.logout", "POST"),
        },
    )
