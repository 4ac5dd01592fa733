"""Realtime of the embedded stack: topics, who may join them, and both spellings of the protocol."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from local.stack import Stack
from tests.database import Database
from tests.local.conftest import AuthClient

Open = Callable[..., "Socket"]


class Socket:
    """One websocket in the object spelling (1.0.0) or the array spelling (2.0.0)."""

    def __init__(self, connection: ClientConnection, version: str) -> None:
        self.connection = connection
        self.version = version

    def join(self, topic: str, *, token: str | None = None, private: bool = False) -> str:
        """Join a topic and answer the reply's status."""
        config = {"config": {"private": private}, "access_token": token}
        self.send(f"realtime:{topic}", "phx_join", config)
        reply = self.receive()
        assert reply["event"] == "phx_reply"
        return str(reply["payload"]["status"])

    def send(self, topic: str, event: str, payload: dict[str, Any]) -> None:
        array = ["1", "1", topic, event, payload]
        names = ("join_ref", "ref", "topic", "event", "payload")
        self.connection.send(
            json.dumps(array if self.version == "2.0.0" else dict(zip(names, array, strict=True)))
        )

    def receive(self, seconds: float = 5) -> dict[str, Any]:
        message = json.loads(self.connection.recv(timeout=seconds))
        if self.version == "2.0.0":
            return {"topic": message[2], "event": message[3], "payload": message[4]}
        return dict(message)

    def hears_nothing(self) -> bool:
        try:
            self.receive(0.3)
        except TimeoutError:
            return True
        return False


@pytest.fixture
def open_socket(stack: Stack) -> Iterator[Open]:
    opened: list[ClientConnection] = []

    def open_one(version: str = "2.0.0", key: str = stack.settings.secrets.publishable_key) -> Socket:
        address = stack.settings.supabase_url.replace("http", "ws", 1)
        url = f"{address}/realtime/v1/websocket?apikey={key}&vsn={version}"
        opened.append(connect(url, open_timeout=5))
        return Socket(opened[-1], version)

    yield open_one
    for connection in opened:
        connection.close()


def tell(owner: Database, topic: str, *, private: bool) -> None:
    owner.rows("select realtime.send('{\"left\": 3}', 'availability', %s, %s)", [topic, private])


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_a_public_topic_is_heard_by_everyone(open_socket: Open, owner: Database, version: str) -> None:
    topic = f"event:{uuid.uuid4()}"
    socket = open_socket(version)
    assert socket.join(topic) == "ok"
    tell(owner, topic, private=False)
    message = socket.receive()
    assert message["topic"] == f"realtime:{topic}"
    assert message["payload"]["event"] == "availability"
    assert message["payload"]["payload"]["left"] == 3


def test_other_topics_and_private_messages_are_not_heard(open_socket: Open, owner: Database) -> None:
    topic = f"event:{uuid.uuid4()}"
    socket = open_socket()
    socket.join(topic)
    tell(owner, topic, private=True)
    tell(owner, f"event:{uuid.uuid4()}", private=False)
    assert socket.hears_nothing()


def test_what_is_rolled_back_is_not_told(open_socket: Open, owner: Database) -> None:
    topic = f"event:{uuid.uuid4()}"
    socket = open_socket()
    socket.join(topic)
    with owner.connection.transaction(force_rollback=True):
        tell(owner, topic, private=False)
    assert socket.hears_nothing()


def test_a_private_topic_is_open_to_its_person_alone(
    open_socket: Open, owner: Database, auth: AuthClient, email: str
) -> None:
    auth.sign_up(email)
    session = auth.confirm(email).json()
    token = session["access_token"]
    topic = f"user:{session['user']['id']}"

    assert open_socket().join(topic, private=True) == "error"
    assert open_socket().join(f"user:{uuid.uuid4()}", token=token, private=True) == "error"
    assert open_socket().join(topic, token=f"{token[:-4]}aaaa", private=True) == "error"

    socket = open_socket()
    assert socket.join(topic, token=token, private=True) == "ok"
    tell(owner, topic, private=True)
    assert socket.receive()["payload"]["payload"]["left"] == 3


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize(
    "frame", ["nonsense", "", "null", "7", "{}", "[]", '{"topic": "phoenix"}', "[1, 2, 3, 4, 5]", b"\xff"]
)
def test_nonsense_closes_its_own_socket_alone(open_socket: Open, version: str, frame: str | bytes) -> None:
    other, lost = open_socket(version), open_socket(version)
    lost.connection.send(frame)
    with pytest.raises(ConnectionClosedError) as closed:
        lost.receive()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1007
    assert other.join(f"event:{uuid.uuid4()}") == "ok"


def test_a_broken_frame_or_handshake_ends_its_own_connection_alone(stack: Stack, open_socket: Open) -> None:
    other, broken = open_socket(), open_socket()
    broken.connection.socket.sendall(b"\xff" * 64)
    with pytest.raises(ConnectionClosedError):
        broken.receive()
    with socket.create_connection(("127.0.0.1", stack.settings.supabase_port), 5) as wire:
        wire.sendall(b"GET //[ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        assert wire.recv(1024).startswith(b"HTTP/1.1 404 ")
    assert other.join(f"event:{uuid.uuid4()}") == "ok"


def test_a_socket_needs_a_key(open_socket: Open) -> None:
    with pytest.raises(InvalidStatus, match="401"):
        open_socket(key="sb_publishable_other")
