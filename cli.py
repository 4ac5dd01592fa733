"""Commands: `flask work`, `flask db push`, `flask db check`, `flask db accept`, `flask db seed`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from services import job_runs, jobs, reconciliation
from services.refusals import Unavailable

ROOT = Path(__file__).parent

payments = AppGroup("payments", help="Look after money by hand.")
db = AppGroup("db", help="Bring the database to what this version of the app expects.")


def register(app: Flask) -> None:
    app.cli.add_command(work)
    app.cli.add_command(db)
    app.cli.add_command(payments)


@click.command("work")
@click.option("--once", is_flag=True, help="Run every job once and stop, for schedulers.")
@with_appcontext
def work(once: bool) -> None:
    """Run the background jobs; any number of workers may run side by side."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with jobs.job_ran.connected_to(job_runs.Logbook().note):
        if once:
            failed = jobs.run_once()
            raise SystemExit(1 if failed else 0)
        jobs.run_until(stop)


@payments.command("reconcile")
@click.option("--since", default=24.0, show_default=True, help="Hours to look back.")
def reconcile(since: float) -> None:
    """Settle what webhooks missed, and name what a person has to look at."""
    with _explained(Unavailable):
        found = reconciliation.reconcile(timedelta(hours=since))
    click.echo(f"Compared {found.compared}, repaired {found.repaired}.")
    for line in found.beyond_repair:
        click.echo(f"Look at {line}.")
    raise SystemExit(1 if found.beyond_repair else 0)


@db.command("push")
def push() -> None:
    """Apply pending migrations, then policies.sql; share the key that signs visitors' addresses."""
    from services.outside import schema

    with _explained(schema.SchemaError):
        for name in schema.push(_database_url()):
            click.echo(f"Applied {name}.")
        schema.share_address_key(_database_url(), _address_key())
    click.echo("Migrations and policies are applied; flask db check tells what was changed by hand.")


@db.command("check")
def check() -> None:
    """Tell what differs between the files and the database; fails when anything does."""
    from services.outside import schema

    with _explained(schema.SchemaError):
        differences = schema.check(_database_url())
        if not differences and not schema.knows_address_key(_database_url(), _address_key()):
            differences = ["The database does not know this SECRET_KEY's signature: run flask db push."]
    for difference in differences:
        click.echo(difference)
    raise SystemExit(1 if differences else 0)


@db.command("accept")
def accept() -> None:
    """Expect the database as it is, once somebody has looked at what `check` tells."""
    from services.outside import schema

    with _explained(schema.SchemaError):
        schema.accept(_database_url())
    click.echo("From now on the database is expected to be as it is.")


@db.command("seed")
@click.argument("file", type=click.Path(exists=True, path_type=Path), default=ROOT / "supabase" / "seed.sql")
def seed(file: Path) -> None:
    """Put sample data in, once per database."""
    from services.outside import schema

    with _explained(schema.SchemaError):
        ran = schema.seed(_database_url(), file)
    click.echo("Seeded." if ran else "Seeded before; nothing was changed.")


def _database_url() -> str:
    url: str | None = current_app.config["SETTINGS"].database_url
    if url is None:
        raise click.ClickException("DATABASE_URL is missing: the direct Postgres connection of `flask db`.")
    return url


def _address_key() -> bytes:
    from services.outside import addresses

    return addresses.key_of(current_app.config["SETTINGS"].secret_key)


@contextmanager
def _explained(failure: type[Exception]) -> Iterator[None]:
    try:
        yield
    except failure as error:
        raise click.ClickException(str(error)) from error
