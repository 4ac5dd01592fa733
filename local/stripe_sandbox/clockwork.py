"""What happens by itself: sessions expire, banks decide, webhooks go out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from . import payments, refunds, webhooks
from .errors import StripeError
from .storage import Store

_LONGEST_SLEEP = 5.0
_log = logging.getLogger(__name__)

_TASKS: dict[str, Callable[[Store, str], object]] = {
    "expire": payments.expire,
    "settle": lambda store, intent: payments.settle(store, intent, succeeds=True),
    "fail": lambda store, intent: payments.settle(store, intent, succeeds=False),
    "arrive": refunds.succeed,
}


def start(store: Store) -> None:
    """Run the clockwork in the background until the process ends."""
    webhooks.recover(store)
    threading.Thread(target=_run, args=(store,), name="clockwork", daemon=True).start()


def _run(store: Store) -> None:
    senders = ThreadPoolExecutor(max_workers=8, thread_name_prefix="webhook")
    while True:
        store.stirred.clear()
        try:
            run_due_timers(store)
            for delivery in webhooks.claim_due(store):
                senders.submit(webhooks.send, store, delivery)
            pause = _pause(store)
        except Exception:  # noqa: BLE001  whatever happened, the clock must go on
            _log.exception("the clockwork stumbled")
            pause = _LONGEST_SLEEP
        store.stirred.wait(pause)


def run_due_timers(store: Store) -> None:
    """Do everything whose time has come."""
    for row in store.query(
        "select id, subject, task from timers where due_at <= ? order by due_at", time.time()
    ):
        with store.transaction():
            store.query("delete from timers where id = ?", row["id"])
            try:
                _TASKS[row["task"]](store, row["subject"])
            except StripeError as refusal:  # someone else was faster: paid, expired or settled meanwhile
                _log.info("%s of %s: %s", row["task"], row["subject"], refusal)


def _pause(store: Store) -> float:
    (timer,) = store.query("select min(due_at) as due_at from timers")
    moments = [moment for moment in (timer["due_at"], webhooks.next_due(store)) if moment is not None]
    return min([max(moment - time.time(), 0) for moment in moments] + [_LONGEST_SLEEP])
