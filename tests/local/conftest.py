"""Talking to the stack's own services as any client does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from local.stack import Stack
from tests.database import Database

PASSWORD = "long enough"
PROFILE = {
    "display_name": "Ana",
    "birth_date": "1990-05-17",
    "native_languages": ["fr"],
    "target_languages": ["en"],
    "consent": True,
    "locale": "en",
}


class AuthClient:
    """GoTrue's calls, bare: answers are httpx responses."""

    def __init__(self, stack: Stack, owner: Database) -> None:
        key = stack.settings.secrets.publishable_key
        self.http = httpx.Client(base_url=f"{stack.settings.supabase_url}/auth/v1", headers={"apikey": key})
        self.inbox = httpx.Client(base_url=stack.settings.inbox_url)
        self.owner = owner

    def sign_up(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self.http.post("/signup", json={"email": email, "password": password, "data": PROFILE})

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return self.http.post("/token?grant_type=password", json={"email": email, "password": password})

    def confirm(self, email: str) -> httpx.Response:
        token = self.owner.value("select confirmation_token from auth.users where email = %s", [email])
        return self.http.post("/verify", json={"type": "signup", "token_hash": token})

    def user(self, access_token: str) -> httpx.Response:
        return self.http.get("/user", headers=bearer(access_token))

    def mails(self, email: str) -> list[str]:
        """Subjects of what the inbox holds for this address."""
        answer = self.inbox.get("/_inbox/messages", params={"to": email})
        return [message["subject"] for message in answer.json()["messages"]]


def bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}


@pytest.fixture
def owner(postgres_url: str) -> Iterator[Database]:
    """The schema's owner; what it does stays."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield Database(connection)


@pytest.fixture
def auth(stack: Stack, owner: Database) -> AuthClient:
    return AuthClient(stack, owner)


@pytest.fixture
def email() -> str:
    return f"ana.{uuid.uuid4().hex[:10]}@example.org"
