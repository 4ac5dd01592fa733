"""Supabase Auth: accounts, sessions and the tokens that prove them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import httpx
from pydantic import ValidationError
from supabase_auth import SyncGoTrueClient
from supabase_auth.errors import (
    AuthApiError,
    AuthError,
    AuthInvalidCredentialsError,
    AuthRetryableError,
    AuthSessionMissingError,
    AuthWeakPasswordError,
)
from supabase_auth.types import AuthResponse
from supabase_auth.types import Session as SupabaseSession

from services import caller
from services.outside.pool import Pool
from services.outside.provider import Provider
from services.outside.tokens import Claims, TokenVerifier
from services.refusals import Refusal, Unavailable

if TYPE_CHECKING:
    from config import Settings

SignOutScope = Literal["local", "others", "global"]
LinkType = Literal["signup", "email", "recovery", "magiclink", "invite", "email_change"]

# What Auth calls it, and what we say.
REFUSALS: dict[str, tuple[str, int]] = {
    "invalid_credentials": ("invalid_credentials", 401),
    "email_not_confirmed": ("email_not_confirmed", 403),
    "user_banned": ("account_deactivated", 403),
    "same_password": ("same_password", 422),
    "weak_password": ("password_too_weak", 422),
    "otp_expired": ("link_expired", 410),
    "over_request_rate_limit": ("rate_limited", 429),
    "over_email_send_rate_limit": ("mail_limit", 429),
    "refresh_token_not_found": ("session_over", 401),
    "refresh_token_already_used": ("session_over", 401),
    "session_not_found": ("session_over", 401),
    "session_expired": ("session_over", 401),
    "bad_jwt": ("session_over", 401),
    "user_not_found": ("session_over", 401),
    "user_already_exists": ("email_taken", 409),
    "email_exists": ("email_taken", 409),
    "email_address_invalid": ("email_invalid", 422),
}


@dataclass(frozen=True, slots=True)
class Session:
    """The two tokens of a signed-in browser or client; `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    user_id: str
    email: str


class Identity:
    """Each call has its own client on the shared pool, so that no session leaks into another request."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._url = f"{settings.supabase_url}/auth/v1"
        self._secret_key = settings.supabase_secret_key
        self._publishable_key = settings.supabase_publishable_key
        self._pool = pool
        self._provider = Provider("identity")
        self._tokens = TokenVerifier(settings, self._published_keys)

    def verify(self, access_token: str) -> Claims:
        """Check a token without asking anyone, once the keys are known. Raises Refusal `sign_in_required`."""
        return self._tokens.verify(access_token)

    def sign_up(self, email: str, password: str, profile: dict[str, Any]) -> Session | None:
        """Make an account. Returns None while its address waits to be confirmed."""
        with self._calling("sign_up", "invalid_input", 422) as auth:
            answer = auth.sign_up({"email": email, "password": password, "options": {"data": profile}})
            return _session_of(answer) if answer.session else None

    def resend_confirmation(self, email: str) -> None:
        """Send the confirmation mail again, if there is an account that waits for it."""
        with self._calling("resend_confirmation", "invalid_input", 422, email) as auth:
            auth.resend({"type": "signup", "email": email})

    def sign_in(self, email: str, password: str) -> Session:
        with self._calling("sign_in", "invalid_credentials", 401, email, password) as auth:
            return _session_of(auth.sign_in_with_password({"email": email, "password": password}))

    def refresh(self, refresh_token: str) -> Session:
        """Exchange a refresh token, which then is spent (Auth forgives its reuse for ten seconds).

        Raises Refusal `session_over` or `account_deactivated` only when Auth says so in its own words.
        """
        with self._calling("refresh", "sign_in_required", 401, refresh_token) as auth:
            return _session_of(auth.refresh_session(refresh_token))

    def sign_out(self, access_token: str, scope: SignOutScope = "local") -> None:
        """End the token's session, the person's others, or all of them."""
        with self._calling("sign_out", "session_over", 401) as auth:
            auth.admin.sign_out(access_token, scope)

    def follow_link(self, token_hash: str, link_type: LinkType) -> Session:
        """Redeem the link of a mail, once. Raises Refusal `link_expired`."""
        with self._calling("follow_link", "link_expired", 410, token_hash) as auth:
            return _session_of(auth.verify_otp({"token_hash": token_hash, "type": link_type}))

    def send_recovery(self, email: str) -> None:
        """Send the mail that lets its owner choose a new password, if there is such an account."""
        with self._calling("send_recovery", "invalid_input", 422, email) as auth:
            auth.reset_password_for_email(email)

    def change_password(self, access_token: str, refresh_token: str, password: str) -> None:
        with self._calling("change_password", "password_too_weak", 422) as auth:
            auth.set_session(access_token, refresh_token)
            auth.update_user({"password": password})

    def check_health(self) -> None:
        """Ask Auth's own health page. Raises Unavailable."""
        with self._provider.calling("health"):
            try:
                self._pool.client.get(f"{self._url}/health", headers=self._headers()).raise_for_status()
            except httpx.HTTPError as error:
                raise Unavailable("identity", type(error).__name__) from error

    def _headers(self) -> dict[str, str]:
        # With the secret key Auth believes the address we forward, and limits the person, not this server.
        key, address = self._secret_key, caller.current().address
        forwarded = {"Sb-Forwarded-For": address} if address else {}
        return {"apikey": key, "Authorization": f"Bearer {key}", **forwarded}

    @contextmanager
    def _calling(self, operation: str, word: str, status: int, *typed: str) -> Iterator[SyncGoTrueClient]:
        """One call with its own client; a refusal Auth gives no known reason for is said as `word`.

        So is what Auth cannot read: it never gets there, and its failing over it is no sign that it is down.
        """
        if any(not text or "\0" in text for text in typed):
            raise Refusal(word, status)
        auth = SyncGoTrueClient(
            url=self._url,
            headers=self._headers(),
            http_client=self._pool.client,
            persist_session=False,
            auto_refresh_token=False,
        )
        with self._provider.calling(operation):
            try:
                yield auth
            except AuthError as error:
                raise _failure_of(error, word, status) from error
            except ValidationError as error:
                raise Unavailable("identity", "answered something unexpected") from error

    def _published_keys(self) -> dict[str, Any]:
        with self._provider.calling("keys"):
            try:
                return dict(
                    self._pool.client.get(f"{self._url}/.well-known/jwks.json").raise_for_status().json()
                )
            except (httpx.HTTPError, ValueError, TypeError) as error:
                raise Unavailable("identity", "its public keys cannot be read") from error


def _session_of(answer: AuthResponse) -> Session:
    session: SupabaseSession | None = answer.session
    if session is None:
        raise Unavailable("identity", "answered without a session")
    return Session(
        access_token=session.access_token,
        refresh_token=session.refresh_token,
        expires_in=session.expires_in,
        user_id=str(session.user.id),
        email=session.user.email or "",
    )


def _failure_of(error: AuthError, word: str, status: int) -> Exception:
    if isinstance(error, AuthWeakPasswordError):
        return Refusal("password_too_weak", 422)
    if isinstance(error, AuthInvalidCredentialsError | AuthSessionMissingError):  # Auth was not even asked
        return Refusal(word, status)
    if isinstance(error, AuthApiError) and not isinstance(error, AuthRetryableError) and error.status < 500:
        if error.status == 429 and error.code not in REFUSALS:
            return Refusal("rate_limited", 429)
        if (
            not error.code
        ):  # a router before Auth, or one that does not take our key: nothing about the person
            return Unavailable("identity", f"answered {error.status} without a reason", reached=True)
        return Refusal(*REFUSALS.get(error.code, (word, status)))
    return Unavailable("identity", error.message)
