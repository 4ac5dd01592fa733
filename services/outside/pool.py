"""The process's one connection pool to Supabase."""

from __future__ import annotations

import os
import threading
from contextlib import closing

import httpx

TIMEOUT = httpx.Timeout(5.0, connect=1.0, pool=2.0)
LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30.0)
SPOKEN = {"Accept-Encoding": "gzip, deflate", "User-Agent": "guichet"}


class Pool:
    """An httpx.Client made on first use, and again after a fork: processes must not share sockets."""

    def __init__(
        self, transport: httpx.BaseTransport | None = None, timeout: httpx.Timeout = TIMEOUT
    ) -> None:
        self._given = transport
        self._timeout = timeout
        self._lock = threading.Lock()
        self._made: tuple[int, httpx.BaseTransport, httpx.Client] | None = None

    @property
    def client(self) -> httpx.Client:
        """For the gateways whose libraries want one."""
        return self._open()[1]

    def post(self, url: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """Send a body and read the whole answer, on the client's own connections but past the client.

        Its redirects, cookies and credentials are nothing to a function call, and take half of its time.
        Raises httpx.HTTPError.
        """
        transport, _ = self._open()
        limits = {"timeout": self._timeout.as_dict()}
        request = httpx.Request("POST", url, content=content, headers=SPOKEN | headers, extensions=limits)
        with closing(transport.handle_request(request)) as response:
            response.read()
        return response

    def _open(self) -> tuple[httpx.BaseTransport, httpx.Client]:
        made = self._made
        if made is None or made[0] != os.getpid():
            with self._lock:
                made = self._made
                if made is None or made[0] != os.getpid():
                    made = self._made = self._make()
        return made[1:]

    def _make(self) -> tuple[int, httpx.BaseTransport, httpx.Client]:
        # A connection that was never made carried nothing, so trying it once more is safe for every call.
        transport = self._given or httpx.HTTPTransport(http1=True, http2=False, limits=LIMITS, retries=1)
        client = httpx.Client(transport=transport, timeout=self._timeout, trust_env=False)
        return os.getpid(), transport, client
