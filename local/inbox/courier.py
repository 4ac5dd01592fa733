"""Brings webhooks to the application, again until they are heard."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import httpx

from local.inbox.settings import Settings
from local.inbox.store import Store
from local.inbox.webhooks import Webhook, signed

RETRY_AFTER = (1, 5, 60, 300, 1800, 7200, 18000)  # seconds; Resend waits alike before it gives up


class Courier(threading.Thread):
    """Works in the background, one webhook after the other, until `stop` is called."""

    def __init__(self, store: Store, settings: Settings) -> None:
        super().__init__(name="courier", daemon=True)
        self._store = store
        self._settings = settings
        self._stopping = threading.Event()

    def run(self) -> None:
        with httpx.Client(timeout=httpx.Timeout(10, connect=2)) as client:
            while not self._stopping.is_set():
                webhook = self._store.due_webhook()
                if webhook:
                    self._bring(webhook, client)
                else:
                    self._stopping.wait(0.1)

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def _bring(self, webhook: Webhook, client: httpx.Client) -> None:
        if webhook.attempts == 0:
            self._store.set_last_event(webhook.message_id, webhook.event.removeprefix("email."))
        if self._heard(webhook, client) or webhook.attempts >= len(RETRY_AFTER):
            self._store.drop_webhook(webhook.id)
        else:
            again = datetime.now(UTC) + timedelta(seconds=RETRY_AFTER[webhook.attempts])
            self._store.postpone_webhook(webhook.id, again.isoformat(timespec="microseconds"))

    def _heard(self, webhook: Webhook, client: httpx.Client) -> bool:
        url, secret = self._settings.webhook_url, self._settings.webhook_secret
        if not url or not secret:
            return True  # nobody asked to be told
        headers = signed(webhook.id, webhook.payload, secret, int(time.time()))
        try:
            return client.post(url, content=webhook.payload.encode(), headers=headers).is_success
        except httpx.HTTPError:
            return False
