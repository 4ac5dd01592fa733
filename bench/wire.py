"""HTTP/1.1 over one kept-alive socket, as little of it as load needs: the driver must not be measured."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)
BODILESS = {204, 304}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def cookies(self) -> dict[str, str]:
        pairs = (cookie.decode().partition("=") for cookie in COOKIE.findall(self.head))
        return {name: value for name, _, value in pairs}

    def location(self) -> str:
        found = LOCATION.search(self.head)
        return found[1].decode() if found else ""


def message(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Connection(asyncio.Protocol):
    """One request at a time; a socket that the server has closed meanwhile is opened again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.transport: asyncio.Transport | None = None
        self.received = b""
        self.answered: asyncio.Future[Answer] | None = None

    async def ask(self, request: bytes) -> Answer:
        """Send a request. Raises ConnectionError when the server breaks off while it answers."""
        for _ in range(3):
            if self.transport is None or self.transport.is_closing():
                await self.open()
            assert self.transport is not None
            self.answered = asyncio.get_running_loop().create_future()
            self.transport.write(request)
            try:
                return await self.answered
            except ConnectionResetError:
                continue  # an idle socket that was just being closed: nothing of the request was read
        raise ConnectionError(f"port {self.port} keeps closing connections")

    async def open(self) -> None:
        self.received = b""
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port)

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        answer = parsed(self.received)
        if answer is not None and self.answered is not None:
            self.received = b""
            self._resolve(answer)

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        if self.answered is not None and not self.answered.done():
            fault = ConnectionError if self.received else ConnectionResetError
            self.answered.set_exception(fault("the server closed the connection"))

    def _resolve(self, answer: Answer) -> None:
        if self.answered is not None and not self.answered.done():
            self.answered.set_result(answer)


def parsed(received: bytes) -> Answer | None:
    """The answer, once all of it is there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, body = received[:end], received[end + 4 :]
    status = int(head[9:12])
    if length := LENGTH.search(head):
        return Answer(status, head, body) if len(body) >= int(length[1]) else None
    if CHUNKED.search(head):
        return Answer(status, head, unchunked(body)) if body.endswith(b"0\r\n\r\n") else None
    return Answer(status, head, body) if status in BODILESS or body else None


def unchunked(body: bytes) -> bytes:
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        parts.append(body[:length])
        body = body[length + 2 :]
        if length == 0:
            break
    return b"".join(parts)
