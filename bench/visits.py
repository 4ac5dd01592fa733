"""What visitors send: small picklable objects, called with a connection and the visitor's number."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from bench.wire import Answer, Connection, message
from bench.world import PASSWORD, id_of
from services.outside import addresses
from web.sessions import COOKIE

FORM_TOKEN = re.compile(r'name="(csrf_token|idempotency_key)" value="([^"]+)"')


def address(number: int) -> str:
    """Everyone has an address of their own, so that rate limits see visitors and not one machine."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def headers(number: int, **more: str) -> dict[str, str]:
    return {"X-Forwarded-For": address(number), "Accept-Language": "en", **more}


def as_json(number: int, **more: str) -> dict[str, str]:
    return headers(number, **{"Content-Type": "application/json", **more})


def guest(run: str, number: int) -> dict[str, str]:
    return {"name": f"Buyer {number}", "email": f"buyer.{run}.{number}@example.org"}


@dataclass(frozen=True)
class Read:
    """GET a path; `{event}`, `{slug}` and `{seat}` stand for those of one of the first `events` events.

    `anew` asks past the short public cache; `cookie` is a signed-in browser's.
    """

    path: str
    events: int = 1
    token: str | None = None
    anew: bool = False
    cookie: str | None = None

    async def __call__(self, connection: Connection, number: int) -> int:
        event = number % self.events + 1
        path = self.path.format(event=id_of("event", event), slug=f"event-{event}", seat=id_of("seat", event))
        more = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if self.anew:
            more["Cache-Control"] = "no-cache"
        if self.cookie:
            more |= cookie({COOKIE: self.cookie})
        return (await connection.ask(message("GET", path, headers(number, **more)))).status


@dataclass(frozen=True)
class Call:
    """The Data API itself: one function, with arguments as `Read`'s path has them."""

    function: str
    arguments: str
    key: str
    events: int = 1
    run: str = ""
    address_key: bytes = b""

    async def __call__(self, connection: Connection, number: int) -> int:
        event = number % self.events + 1
        told = {"event": id_of("event", event), "slug": f"event-{event}", "seat": id_of("seat", event)}
        body = self.arguments
        for name, value in {**told, "buyer": guest(self.run, number)["email"]}.items():
            body = body.replace(f"<{name}>", value)
        keys = {
            "apikey": self.key,
            "Authorization": f"Bearer {self.key}",
            **addresses.headers(address(number), self.address_key),
        }
        request = message("POST", f"/rest/v1/rpc/{self.function}", as_json(number, **keys), body.encode())
        return (await connection.ask(request)).status


@dataclass(frozen=True)
class Order:
    """POST /api/v1/orders as a guest: a seat of one of the first `events` events, or of `event` alone."""

    run: str
    events: int = 1
    event: int | None = None

    async def __call__(self, connection: Connection, number: int) -> int:
        return (await self.place(connection, number)).status

    async def place(self, connection: Connection, number: int, key: str | None = None) -> Answer:
        event = self.event or number % self.events + 1
        order = {
            "event_id": id_of("event", event),
            "lines": [{"ticket_type_id": id_of("seat", event), "quantity": 1}],
            "buyer": guest(self.run, number),
        }
        more = {"Idempotency-Key": key} if key else {}
        return await connection.ask(
            message("POST", "/api/v1/orders", as_json(number, **more), json.dumps(order).encode())
        )


@dataclass(frozen=True)
class Checkout:
    """An order and its checkout: what a buyer waits for before paying."""

    run: str
    events: int
    event: int | None = None

    async def __call__(self, connection: Connection, number: int) -> int:
        order = (await Order(self.run, self.events, self.event).place(connection, number)).json()
        return (await checkout(connection, number, order)).status


async def checkout(connection: Connection, number: int, order: dict[str, Any]) -> Answer:
    path = f"/api/v1/orders/{order['reference']}/checkout"
    return await connection.ask(message("POST", path, as_json(number, **{"X-Order-Secret": order["secret"]})))


@dataclass(frozen=True)
class SignIn:
    """POST /api/v1/auth/login, or Supabase Auth's own when a key is given."""

    people: int
    key: str | None = None

    async def __call__(self, connection: Connection, number: int) -> int:
        person = {"email": f"person.{number % self.people}@example.org", "password": PASSWORD}
        path = "/auth/v1/token?grant_type=password" if self.key else "/api/v1/auth/login"
        keys = {"apikey": self.key} if self.key else {}
        request = message("POST", path, as_json(number, **keys), json.dumps(person).encode())
        return (await connection.ask(request)).status


@dataclass(frozen=True)
class Purchase:
    """A guest's whole way through the pages: event, form, order, its page, checkout. Five requests."""

    run: str
    events: int

    async def __call__(self, connection: Connection, number: int) -> int:
        event = number % self.events + 1
        chosen = urlencode({f"quantity[{id_of('seat', event)}]": 1})
        if (await self._get(connection, number, f"/events/event-{event}")).status != 200:
            return 0
        form = await self._get(connection, number, f"/events/event-{event}/orders/new?{chosen}")
        fields = {
            **dict(FORM_TOKEN.findall(form.body.decode())),
            "event_id": id_of("event", event),
            f"quantity[{id_of('seat', event)}]": "1",
            **{f"buyer_{name}": value for name, value in guest(self.run, number).items()},
        }
        cookies = form.cookies()
        placed = await self._post(connection, number, f"/events/event-{event}/orders", fields, cookies)
        cookies |= placed.cookies()
        page = await self._get(connection, number, placed.location(), cookies)
        token = dict(FORM_TOKEN.findall(page.body.decode()))
        paying = await self._post(connection, number, f"{placed.location()}/checkout", token, cookies)
        return paying.status if "/c/pay/" in paying.location() else 0

    async def _get(
        self, connection: Connection, number: int, path: str, cookies: dict[str, str] | None = None
    ) -> Answer:
        return await connection.ask(message("GET", path, headers(number, **cookie(cookies or {}))))

    async def _post(
        self, connection: Connection, number: int, path: str, fields: dict[str, str], cookies: dict[str, str]
    ) -> Answer:
        more = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://127.0.0.1"}
        body = urlencode(fields, quote_via=quote).encode()
        return await connection.ask(message("POST", path, headers(number, **more, **cookie(cookies)), body))


def cookie(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
