"""The whole stack for one run: on free ports of this machine, with production's settings, gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import uuid
from pathlib import Path
from types import TracebackType

import jwt
import psycopg
from itsdangerous import URLSafeSerializer

from bench.world import World, id_of
from local.settings import PORTS, Settings
from local.stack import Stack
from services.outside import addresses

WORKERS = 2  # web processes, as the promises say
EVENTS, ORDERS = 1000, 2000


class Site:
    """A context manager: inside it the app, Supabase, Stripe's sandbox and the inbox serve.

    `durable` False lets a crash lose data: only for scenarios that write millions of rows to read them.
    """

    def __init__(self, *, events: int = EVENTS, orders: int = ORDERS, durable: bool = True) -> None:
        # As production starts its processes; the machine may have other habits.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ |= {"WEB_CONCURRENCY": str(WORKERS), "TRUSTED_PROXIES": "1"}
        self.state = Path(tempfile.mkdtemp(prefix="guichet-bench-"))
        self.state.chmod(0o711)
        told = {"GUICHET_STATE": str(self.state), **dict.fromkeys(PORTS, "0")}
        self.settings = Settings.read(told, durable=durable)
        self.stack = Stack(self.settings, without={"worker"}, seed=False)
        self.world = World(self.stack.cluster)
        self.size = {"events": events, "orders": orders}
        self.run = uuid.uuid4().hex[:8]  # keeps the buyers of two scenarios apart
        self._buyers = 0

    def __enter__(self) -> Site:
        self.stack.__enter__()
        self.world.grow(**self.size)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stack.__exit__(kind, error, trace)
        self.stack.cluster.remove()
        shutil.rmtree(self.state, ignore_errors=True)

    @property
    def web(self) -> int:
        return self.settings.web_port

    @property
    def supabase(self) -> int:
        return self.settings.supabase_port

    @property
    def key(self) -> str:
        return self.settings.secrets.publishable_key

    @property
    def address_key(self) -> bytes:
        return addresses.key_of(self.settings.secrets.app)

    def database(self, role: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.settings.database_url(role), autocommit=True)

    def buyers(self, count: int) -> int:
        """The first of `count` buyers who have not ordered yet in this run."""
        self._buyers += count
        return self._buyers - count

    def token(self, person: int) -> str:
        """An access token as Supabase Auth would issue it to the `person`-th account."""
        now, user_id = int(time.time()), id_of("person", person)
        claims = {
            "iss": f"{self.settings.supabase_url}/auth/v1",
            "sub": user_id,
            "aud": "authenticated",
            "role": "authenticated",
            "email": f"person.{person}@example.org",
            "session_id": user_id,
            "iat": now,
            "exp": now + 3600,
        }
        return jwt.encode(claims, self.settings.secrets.jwt, "HS256")

    def cookie(self, person: int) -> str:
        """What the browser of the `person`-th account keeps after signing in."""
        signer = URLSafeSerializer(self.settings.secrets.app, salt="session")
        return str(signer.dumps([self.token(person), "unused", False]))
