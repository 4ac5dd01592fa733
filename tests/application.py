"""The app as its visitors meet it: browsers that keep cookies and send forms, clients that show tokens."""

from __future__ import annotations

import html
import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from config import Settings
from local.stack import Stack
from services.outside.provider import outside_called
from tests.database import Person

FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PASSWORD = "correct horse battery"


def settings_for(stack: Stack, **changes: Any) -> Settings:
    """What the stack tells the app; one trusted proxy, so that each visitor has an address of their own."""
    told = {name.lower(): value for name, value in stack.settings.app_environment().items()}
    return Settings(**{**told, "trusted_proxies": 1, **changes})


def app_for(stack: Stack, **changes: Any) -> APIFlask:
    app = create_app(settings_for(stack, **changes))
    app.testing = True
    return app


def some_address() -> str:
    """An address that no other visitor of the test run has, as far as chance allows."""
    return f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"


class Browser:
    """Keeps cookies, and sends with each form the token that its page had."""

    def __init__(self, app: APIFlask) -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["HTTP_X_FORWARDED_FOR"] = some_address()

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def form_token(self, page: str) -> str:
        """The token in the forms of a page."""
        opened = self.get(page)
        token = FORM_TOKEN.search(opened.text)
        assert token, f"{page} answered {opened.status_code} without a form"
        return token[1]

    def submit(self, page: str, form: dict[str, Any], to: str | None = None) -> TestResponse:
        """Open `page`, fill its form in, and send it (to another path than the page's own, if so told)."""
        filled = {**form, "csrf_token": self.form_token(page)}
        return self.client.post(to or page.partition("?")[0], data=filled)


class ApiClient:
    """Shows its token, if it has one, with every call."""

    def __init__(self, app: APIFlask, token: str | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["HTTP_X_FORWARDED_FOR"] = some_address()
        self.token = token

    def __getattr__(self, method: str) -> Any:
        def call(path: str, body: Any = None, **options: Any) -> TestResponse:
            headers = {
                **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
                **options.pop("headers", {}),
            }
            content = {"json": body} if body is not None else {}
            return self.client.open(
                f"/api/v1{path}", method=method.upper(), headers=headers, **content, **options
            )

        return call


@contextmanager
def calls_counted() -> Iterator[Counter[str]]:
    """How often each provider is called inside the block, as in {"database": 1, "identity": 1}."""
    calls: Counter[str] = Counter()

    def count(provider: str, **_: Any) -> None:
        calls[provider] += 1

    with outside_called.connected_to(count):
        yield calls


def sign_up_form(name: str = "Ana", **changes: Any) -> dict[str, Any]:
    return {
        "email": f"{name.lower()}.{uuid.uuid4().hex[:8]}@example.org",
        "password": PASSWORD,
        "display_name": name,
        "birth_date": "1990-05-17",
        "native_languages": ["fr"],
        "target_languages": ["en", "nl"],
        "consent": True,
        **changes,
    }


def token_for(stack: Stack, person: Person, **claims: Any) -> str:
    """An access token as Supabase Auth would issue for this person's session."""
    now = int(time.time())
    settings = settings_for(stack)
    told = {
        "iss": settings.token_issuer,
        "sub": str(person.id),
        "aud": "authenticated",
        "role": "authenticated",
        "email": person.email,
        "session_id": str(person.session),
        "iat": now,
        "exp": now + 900,
        **claims,
    }
    return jwt.encode(
        {k: v for k, v in told.items() if v is not None}, settings.supabase_jwt_secret or "", "HS256"
    )


def link_in_mail(stack: Stack, recipient: str, wait: float = 10) -> str:
    """The path and query of the link in the newest mail to this address."""
    answer = httpx.get(
        f"{stack.settings.inbox_url}/_inbox/messages",
        params={"to": recipient, "wait": wait},
        timeout=wait + 5,
    )
    for link in answer.json()["messages"][0]["links"]:
        parts = urlsplit(html.unescape(link))
        if parts.path == "/auth/confirm":
            return f"{parts.path}?{parts.query}"
    raise AssertionError(f"no link to /auth/confirm in the mail to {recipient}")


def link_fields(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))
