"""One data folder: made once, started with the stack, given what hosted Supabase has before any migration."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from local.part import Part
from local.postgres import binaries
from local.postgres.account import Account
from local.settings import HOST, ROOT, Settings, StackError, inherited_environment, node

BOOTSTRAP = Path(__file__).parent / "bootstrap"
SERVICE_ROLES = (
    "postgres",
    "authenticator",
    "supabase_auth_admin",
    "supabase_storage_admin",
    "supabase_realtime_admin",
)
INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",  # sorts alike on every machine
    "--builtin-locale=C.UTF-8",
    "--no-sync",
)
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """Postgres for one copy of the stack."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.account = Account.suitable()
        self.home = self.account.home(settings.state)
        self.data = self.home / "data"

    def part(self) -> Part:
        """Postgres as a part to start; the data folder is made first when there is none."""
        programs = self.prepare()
        options = [item for name, value in self.parameters().items() for item in ("-c", f"{name}={value}")]
        return Part(
            name="postgres",
            command=[str(programs / "postgres"), "-D", str(self.data), *options],
            ready=self.answers,
            advice=f"Its data lies in {self.data}; `make reset` makes it anew.",
            folder=self.home,
            process_options=self.account.process_options(),
            stop_signal="SIGINT",
        )

    def parameters(self) -> dict[str, str]:
        common = {
            "listen_addresses": HOST,
            "port": str(self.settings.postgres_port),
            "unix_socket_directories": "",
            "shared_preload_libraries": "pg_stat_statements",
            "max_connections": "100",
            "timezone": "UTC",
            "jit": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "log_min_messages": "warning",
        }
        return common if self.settings.durable else {**common, **FAST}

    def prepare(self) -> Path:
        """Make the data folder when it is missing; answers the folder of the programs."""
        self.account.owns(self.home)
        programs = binaries.programs(self.account, self.home)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs)
        return programs

    def _initialise(self, programs: Path) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        password = self.home / "password"
        password.write_text(self.settings.secrets.postgres)
        password.chmod(0o644)
        made = subprocess.run(
            [programs / "initdb", "-D", self.data, "-U", "supabase_admin", f"--pwfile={password}", *INITDB],
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            **self.account.process_options(),
        )
        password.unlink()
        if made.returncode != 0:
            raise StackError(f"Postgres could not make its data folder {self.data}:\n{made.stderr.strip()}")

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self) -> psycopg.Connection:
        """A connection as the superuser, committing at once."""
        return psycopg.connect(
            self.settings.database_url("supabase_admin"), autocommit=True, connect_timeout=2
        )

    def bootstrap(self) -> None:
        """Once: make roles and schemas, the tables of Auth and Storage, then grants and realtime."""
        with self.connect() as connection:
            made = connection.execute(
                "select shobj_description(oid, 'pg_database') from pg_database where datname = 'postgres'"
            )
            known = (made.fetchone() or [None])[0]
            if known == self.edition():
                return
            if known and known.startswith("guichet "):
                raise StackError(
                    "The stack's own tables have changed since this data was made. Run: make reset"
                )
            for file in sorted(BOOTSTRAP.glob("[12]*.sql")):
                connection.execute(file.read_bytes())
            self._set_passwords(connection)
            self._make_service_tables()
            for file in sorted(BOOTSTRAP.glob("[3-9]*.sql")):
                connection.execute(file.read_bytes())
            connection.execute(sql.SQL("comment on database postgres is {}").format(self.edition()))

    def edition(self) -> str:
        """Names the state of the bootstrap files, so that data made by older ones is noticed."""
        content = b"".join(file.read_bytes() for file in sorted(BOOTSTRAP.glob("*.sql")))
        return f"guichet {hashlib.sha256(content).hexdigest()[:12]}"

    def _set_passwords(self, connection: psycopg.Connection) -> None:
        for role in SERVICE_ROLES:
            statement = sql.SQL("alter role {} password {}").format(
                sql.Identifier(role), self.settings.secrets.postgres
            )
            connection.execute(statement)

    def _make_service_tables(self) -> None:
        """Supabase Lite brings these tables; each is made by the role that owns its schema."""
        made = subprocess.run(
            [node(), ROOT / "local" / "supabase" / "tables.mjs"],
            env={
                **inherited_environment(),
                "AUTH_DATABASE_URL": self.settings.database_url("supabase_auth_admin"),
                "STORAGE_DATABASE_URL": self.settings.database_url("supabase_storage_admin"),
            },
            cwd=self.settings.state,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise StackError(f"The tables of Auth and Storage could not be made:\n{made.stderr.strip()}")

    def remove(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
