"""The process's one connection pool to Supabase."""

from __future__ import annotations

import os
import threading

import httpx

TIMEOUT = httpx.Timeout(5.0, connect=1.0, pool=2.0)
LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30.0)


class Pool:
    """An httpx.Client made on first use, and again after a fork: processes must not share sockets."""

    def __init__(
        self, transport: httpx.BaseTransport | None = None, timeout: httpx.Timeout = TIMEOUT
    ) -> None:
        self._transport = transport
        self._timeout = timeout
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._pid = 0

    @property
    def client(self) -> httpx.Client:
        if self._client is None or self._pid != os.getpid():
            with self._lock:
                if self._client is None or self._pid != os.getpid():
                    self._client = self._make()
                    self._pid = os.getpid()
        return self._client

    def _make(self) -> httpx.Client:
        # A connection that was never made carried nothing, so trying it once more is safe for every call.
        transport = self._transport or httpx.HTTPTransport(http1=True, http2=False, limits=LIMITS, retries=1)
        return httpx.Client(transport=transport, timeout=self._timeout, trust_env=False)
