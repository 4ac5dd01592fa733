"""Access tokens are verified here, without a call: signature, audience, issuer and expiry."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt

from services.refusals import Refusal, Unavailable

if TYPE_CHECKING:
    from config import Settings

AUDIENCE = "authenticated"
KEYS_LAST = 600.0  # seconds: as long as Supabase lets its public keys be cached
ASK_AGAIN_AFTER = 30.0  # seconds: tokens with invented key ids must not make us ask Auth each time


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says. `expires_at` is in Unix seconds."""

    user_id: str
    session_id: str | None
    email: str | None
    display_name: str | None
    avatar_path: str | None
    expires_at: int


class TokenVerifier:
    """Verifies with the project's HS256 secret when it is given, else with the project's published keys."""

    def __init__(self, settings: Settings, published_keys: Callable[[], dict[str, Any]]) -> None:
        self._secret = settings.supabase_jwt_secret
        self._issuer = settings.token_issuer
        self._published_keys = published_keys
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fresh_until = float("-inf")
        self._asked_at = float("-inf")
        self._unread = False
        self._asking = threading.Lock()

    def verify(self, token: str) -> Claims:
        """Return the token's claims.

        Raises Refusal `sign_in_required`, whatever is wrong with it, and Unavailable while its key is unknown
        and Auth cannot be asked for it.
        """
        try:
            key, algorithms = self._key_for(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=algorithms,
                audience=AUDIENCE,
                issuer=self._issuer,
                options={"require": ["exp", "sub", "aud", "iss"]},
            )
        except jwt.PyJWTError as error:
            raise Refusal("sign_in_required", 401) from error
        about = claims.get("user_metadata")
        return Claims(
            user_id=claims["sub"],
            session_id=claims.get("session_id"),
            email=claims.get("email"),
            display_name=_text(about, "display_name"),
            avatar_path=_text(about, "avatar_path"),
            expires_at=int(claims["exp"]),
        )

    def _key_for(self, token: str) -> tuple[jwt.PyJWK | str, list[str]]:
        if self._secret is not None:
            return self._secret, ["HS256"]
        key_id = jwt.get_unverified_header(token).get("kid")
        key = self._published(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise jwt.InvalidKeyError("no published key has this id")
        return key, ["ES256", "RS256"]

    def _published(self, key_id: str) -> jwt.PyJWK | None:
        if self._is_due(key_id):
            self._ask_once(key_id)
        key = self._keys.get(key_id)
        if key is None and self._unread:
            raise Unavailable("identity", "its public keys cannot be read")
        return key

    def _is_due(self, key_id: str) -> bool:
        now = time.monotonic()
        if key_id in self._keys:
            return now > self._fresh_until
        return not self._keys or now - self._asked_at > ASK_AGAIN_AFTER

    def _ask_once(self, key_id: str) -> None:
        """One request asks; those whose key is known go on with it, and the others wait for the answer."""
        came_at = time.monotonic()
        if not self._asking.acquire(blocking=key_id not in self._keys):
            return
        try:
            if self._asked_at < came_at:
                self._refresh_keys()
        finally:
            self._asking.release()

    def _refresh_keys(self) -> None:
        try:
            keys = jwt.PyJWKSet.from_dict(self._published_keys()).keys
        except Unavailable:
            # The keys that were read before still prove what they proved.
            self._unread, lasts = True, ASK_AGAIN_AFTER
        else:
            self._keys = {key.key_id: key for key in keys if key.key_id}
            self._unread, lasts = False, KEYS_LAST
        self._asked_at = time.monotonic()
        self._fresh_until = self._asked_at + lasts


def _text(about: Any, name: str) -> str | None:
    """What a person's metadata say: by way of Auth they write there what they like."""
    value = about.get(name) if isinstance(about, Mapping) else None
    return value if isinstance(value, str) else None
