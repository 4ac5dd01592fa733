"""The one place that reads the environment.

A missing, malformed or contradictory variable stops the start; the error names it and says what it is for.
"""

from __future__ import annotations

import base64
import binascii
import json
from email.utils import parseaddr
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


class SettingsError(Exception):
    """The environment cannot start the app; the message lists every reason, one per line."""


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not an address such as https://tickets.example")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must have no query, fragment or password")
    if parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
        raise ValueError("may use http only for localhost; use https")
    return value.rstrip("/")


def _origin(value: str) -> str:
    value = _base_url(value)
    if urlsplit(value).path:
        raise ValueError("must be only scheme, host and port, without a path")
    return value


def _svix_secret(value: str) -> str:
    try:
        key = base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not value.startswith("whsec_") or len(key) < 16:
        raise ValueError("is not whsec_ and 24 or more characters of base64")
    return value


def _sender(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be one line, without control characters")
    if "@" not in parseaddr(value)[1]:
        raise ValueError("is not an address such as Guichet <tickets@example.org>")
    return value


def _origins(value: object) -> object:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Origin = Annotated[str, AfterValidator(_origin)]
# Keys travel in headers, where a blank or a line break would cost every call.
Key = Annotated[str, Field(pattern=r"^[!-~]+$")]


class Settings(BaseSettings):
    """Everything an operator decides. Descriptions are shown when a variable is missing or wrong."""

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    secret_key: str = Field(
        min_length=32, description="signs cookies and forms: 32 random characters or more"
    )
    site_url: Origin = Field(description="where visitors reach this app; links in mails begin with it")

    supabase_url: Origin = Field(description="the Supabase project's address")
    supabase_publishable_key: Key = Field(
        description="the Supabase key that acts for visitors and signed-in people"
    )
    supabase_secret_key: Key = Field(
        description="the Supabase key of webhooks and jobs; it must never leave the server"
    )
    supabase_jwt_secret: str | None = Field(
        None,
        min_length=16,
        description="the project's HS256 secret; without it tokens are checked by its public keys",
    )
    database_url: str | None = Field(None, description="a direct Postgres connection, only for `flask db`")

    stripe_secret_key: str = Field(
        pattern=r"^(sk|rk)_(test|live)_\w+$", description="the Stripe key that takes payments"
    )
    stripe_webhook_secret: str = Field(
        pattern=r"^whsec_[!-~]{16,}$", description="proves that a webhook comes from Stripe"
    )
    stripe_api_url: BaseUrl | None = Field(
        None, description="the Stripe sandbox's address; never for real payments"
    )
    stripe_live_payments: Literal["allowed"] | None = Field(
        None, description="the one word that lets a live Stripe key take real money"
    )

    resend_api_key: str = Field(pattern=r"^re_\w+$", description="the Resend key that sends mail")
    resend_webhook_secret: Annotated[str, AfterValidator(_svix_secret)] = Field(
        description="proves that a delivery report comes from Resend"
    )
    resend_api_url: BaseUrl | None = Field(None, description="the local inbox's address, instead of Resend's")
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(description="the sender of mails")

    turnstile_site_key: Key | None = Field(
        None, description="asks for proof that a person orders, after many orders from one address"
    )
    turnstile_secret_key: Key | None = Field(
        None, description="checks what TURNSTILE_SITE_KEY's visitors show"
    )

    redis_url: str | None = Field(
        None, pattern=r"^(redis|rediss|unix)://", description="shares rate limits between processes"
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="how many proxies in front may state the visitor's address"
    )
    cors_allowed_origins: Annotated[tuple[Origin, ...], NoDecode] = Field(
        (), description="origins whose pages may call the API, separated by commas"
    )
    metrics_token: str | None = Field(
        None, min_length=16, description="opens /metrics; without it the page is closed"
    )
    prometheus_multiproc_dir: str | None = Field(
        None, description="a folder where worker processes pool their metrics"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")
    web_concurrency: int = Field(1, ge=1, description="how many worker processes serve the app")

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "cors_allowed_origins": _origins(values.get("cors_allowed_origins", ()))}

    @model_validator(mode="after")
    def _agree(self) -> Self:
        for refused, reason in self._contradictions():
            if refused:
                raise ValueError(reason)
        return self

    def _contradictions(self) -> list[tuple[bool, str]]:
        return [
            (
                self.live_payments and self.stripe_live_payments is None,
                "STRIPE_SECRET_KEY is a live key: use a test key, or set STRIPE_LIVE_PAYMENTS=allowed",
            ),
            (
                self.live_payments and self.stripe_api_url is not None,
                "STRIPE_API_URL names a sandbox but STRIPE_SECRET_KEY is a live key: unset one",
            ),
            (
                self.live_payments and not self.https,
                "STRIPE_SECRET_KEY is a live key but SITE_URL is not https",
            ),
            (
                (self.turnstile_site_key is None) != (self.turnstile_secret_key is None),
                "TURNSTILE_SITE_KEY and TURNSTILE_SECRET_KEY belong together: set both or neither",
            ),
            (
                _role_of(self.supabase_publishable_key) == "secret",
                "SUPABASE_PUBLISHABLE_KEY holds a secret key: it would bypass every policy",
            ),
            (
                _role_of(self.supabase_secret_key) == "publishable",
                "SUPABASE_SECRET_KEY holds a publishable key: webhooks and jobs could do nothing",
            ),
            (
                self.supabase_publishable_key == self.supabase_secret_key,
                "SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY are the same",
            ),
        ]

    @property
    def https(self) -> bool:
        return self.site_url.startswith("https://")

    @property
    def live_payments(self) -> bool:
        return "_live_" in self.stripe_secret_key[:8]

    @cached_property
    def realtime_url(self) -> str:
        """The websocket that pages follow: wss://…/realtime/v1."""
        return "ws" + self.supabase_url.removeprefix("http") + "/realtime/v1"

    @cached_property
    def token_issuer(self) -> str:
        """What Supabase Auth writes as `iss` into access tokens."""
        return f"{self.supabase_url}/auth/v1"


def _role_of(key: str) -> Literal["secret", "publishable", "unknown"]:
    """Read a key's kind from its prefix, or from the role inside the older keys, which are JWTs."""
    if key.startswith("sb_"):
        return "secret" if key.startswith("sb_secret_") else "publishable"
    try:
        payload = key.split(".")[1]
        role = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["role"]
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return "unknown"
    return "secret" if role == "service_role" else "publishable"


def read_settings() -> Settings:
    """Read the environment once. Raises SettingsError with one line per variable that is missing or wrong."""
    try:
        return Settings()  # type: ignore[call-arg]  # the values come from the environment
    except ValidationError as error:
        reasons = [_explain(reason["loc"], reason["type"], reason["msg"]) for reason in error.errors()]
        raise SettingsError("Guichet cannot start:\n  " + "\n  ".join(reasons)) from None


def _explain(location: tuple[int | str, ...], kind: str, message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not location:
        return message
    name = str(location[0])
    purpose = Settings.model_fields[name].description
    complaint = "is missing" if kind == "missing" else f"is wrong ({message})"
    return f"{name.upper()} {complaint}: {purpose}"
