"""All parts together: started in order, watched, stopped in reverse; a failure leaves nothing running."""

from __future__ import annotations

import contextlib
import fcntl
import shlex
import shutil
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType

from local import parts
from local.part import Part
from local.postgres.cluster import Cluster
from local.sample_payments import tell_sandbox
from local.settings import LOCK, ROOT, Settings, StackError
from services.outside import addresses, schema

SEED = ROOT / "supabase" / "seed.sql"


class Stack:
    """A context manager: inside it, every part not named in `without` serves."""

    def __init__(self, settings: Settings, *, without: Collection[str] = (), seed: bool = True) -> None:
        self.settings = settings
        self.without = frozenset(without)
        self.seed = seed
        self.cluster = Cluster(settings)
        self.running: list[Part] = []

    def __enter__(self) -> Stack:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start everything; raises StackError naming the part that could not, why, and what to do."""
        self._start(self.cluster.part())
        self.cluster.bootstrap()
        self._migrate()
        self._start(*self._chosen("supabase", "stripe", "inbox"))
        if self.seed and "stripe" not in self.without:
            tell_sandbox(self.settings)
        self._start(*self._chosen("web"))
        self._start(*self._chosen("worker"))
        environment_file(self.settings.state).write_text(self.environment())

    def stop(self) -> None:
        for part in reversed(self.running):
            part.stop()
        self.running.clear()
        environment_file(self.settings.state).unlink(missing_ok=True)

    def watch(self) -> None:
        """Return never; raises StackError when a part stops by itself."""
        while True:
            for part in self.running:
                if not part.is_running():
                    raise StackError(part.failure("stopped by itself"))
            time.sleep(0.2)

    def add(self, *names: str) -> None:
        """Start parts that were left out, in this order."""
        self.without -= set(names)
        for name in names:
            self._start(*self._chosen(name))

    def remove(self, *names: str) -> None:
        """Stop these parts, the last first, and go on without them."""
        self.without |= set(names)
        for name in reversed(names):
            part = next(part for part in self.running if part.name == name)
            part.stop()
            self.running.remove(part)

    def restart(self, name: str) -> None:
        """Stop one part at once, as a crash would, and start it again."""
        part = next(part for part in self.running if part.name == name)
        part.stop()
        part.start(self.logs)
        part.wait_until_ready()

    @property
    def logs(self) -> Path:
        return self.settings.state / "logs"

    def environment(self) -> str:
        """The settings of this copy as shell assignments, for `eval "$(python -m local env)"`."""
        values = {**self.settings.app_environment(), **self.settings.stack_environment()}
        return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())

    def _chosen(self, *names: str) -> list[Part]:
        return [getattr(parts, name)(self.settings) for name in names if name not in self.without]

    def _start(self, *started: Part) -> None:
        self.logs.mkdir(exist_ok=True)
        for part in started:
            self.running.append(part)
            part.start(self.logs)
        for part in started:
            part.wait_until_ready()

    def _migrate(self) -> None:
        try:
            schema.push(self.settings.database_url())
            key = addresses.key_of(self.settings.secrets.app)
            schema.share_address_key(self.settings.database_url(), key)
            if self.seed and SEED.exists():
                schema.seed(self.settings.database_url(), SEED)
        except schema.SchemaError as error:
            raise StackError(f"The database schema could not be applied. {error}") from error


@contextlib.contextmanager
def occupied(state: Path) -> Iterator[None]:
    """Keep other supervisors out of this state folder; raises StackError when one is in it."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(
                f"This copy is running already (its state is {state}). Stop it first, or set GUICHET_STATE."
            ) from None
        yield


def environment_file(state: Path) -> Path:
    return state / "env"


def reset(state: Path) -> None:
    """Forget all that the copy in this folder has stored: database, files, mails, payments, secrets."""
    with occupied(state):
        Cluster(Settings.read({"GUICHET_STATE": str(state)})).remove()
        shutil.rmtree(state)
