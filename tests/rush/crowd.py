"""Hundreds of people at one event at once, over HTTP: they buy, give back, wait, decline, leave."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.selling import Listing

Answer = httpx.Response
Habit = Callable[["Visitor"], Awaitable[None]]


class Visitor:
    """One person with an account, who acts until the time is over."""

    def __init__(self, number: int, http: httpx.AsyncClient, listing: Listing, token: str) -> None:
        self.listing = listing
        self.favourite = listing.ticket_types[number % len(listing.ticket_types)]
        self.chance = random.Random(number)
        self.answers: Counter[tuple[int, str]] = Counter()
        self._http = http
        self._headers = {
            "Authorization": f"Bearer {token}",
            "X-Forwarded-For": f"10.9.{number // 250}.{number % 250}",
        }

    async def act(self, habit: Habit, until: float) -> None:
        await asyncio.sleep(self.chance.random() * 0.5)
        while time.monotonic() < until:
            await habit(self)

    async def call(self, method: str, path: str, body: Any = None) -> Answer:
        answer = await self._http.request(method, f"/api/v1{path}", json=body, headers=self._headers)
        word = "" if answer.is_success else answer.json()["code"]
        self.answers[answer.status_code, word] += 1
        return answer

    async def order(self) -> Answer:
        quantity = self.chance.choice((1, 1, 2, 3))
        type = self.chance.choice(self.listing.ticket_types)
        line = {"ticket_type_id": type, "quantity": quantity}
        return await self.call("POST", "/orders", {"event_id": self.listing.id, "lines": [line]})

    async def wait(self, type: str, quantity: int) -> Answer:
        wanted = {"ticket_type_id": type, "quantity": quantity}
        return await self.call("POST", f"/events/{self.listing.id}/waitlist", wanted)


async def buy(visitor: Visitor) -> None:
    """Order; take what is free, hold what costs; sometimes give it back again."""
    placed = await visitor.order()
    reference = placed.json().get("reference")
    if not reference:
        return
    if placed.is_success and visitor.chance.random() < 0.7:
        if placed.json()["total_cents"] == 0:
            await visitor.call("POST", f"/orders/{reference}/checkout")
        if visitor.chance.random() < 0.2:
            return
    await visitor.call("POST", f"/orders/{reference}/cancellation")


async def hope(visitor: Visitor) -> None:
    """Wait for one seat, always of one kind; decline what is offered, or leave the line, and wait again."""
    entry = (await visitor.wait(visitor.favourite, 1)).json()
    await asyncio.sleep(visitor.chance.random())
    if "id" not in entry:
        entries = (await visitor.call("GET", "/me/waitlist")).json()["data"]
        entry = next((each for each in entries if each["status"] in ("waiting", "offered")), None)
    if not entry:
        return
    left = await visitor.call("DELETE", f"/waitlist/{entry['id']}")
    if left.status_code == 409:  # free seats are theirs at once: they give them back
        entries = (await visitor.call("GET", "/me/waitlist")).json()["data"]
        for each in entries:
            if each["status"] == "converted" and visitor.chance.random() < 0.7:
                await visitor.call("POST", f"/orders/{each['order_reference']}/cancellation")


async def come_in_threes(visitor: Visitor) -> None:
    """Wait for three seats, patiently."""
    await visitor.wait(visitor.listing.ticket_types[1], 3)
    await asyncio.sleep(1 + visitor.chance.random())


async def rush(
    site: str, listing: Listing, people: list[tuple[str, Habit]], seconds: float
) -> Counter[tuple[int, str]]:
    """Let everyone act for so long; how often which status and word was answered."""
    # A connection that is kept may be closed by the server just as it is used again: each call has its own.
    limits = httpx.Limits(max_connections=len(people), max_keepalive_connections=0)
    until = time.monotonic() + seconds
    async with httpx.AsyncClient(base_url=site, limits=limits, timeout=60, trust_env=False) as http:
        visitors = [Visitor(number, http, listing, token) for number, (token, _) in enumerate(people)]
        await asyncio.gather(
            *(visitor.act(habit, until) for visitor, (_, habit) in zip(visitors, people, strict=True))
        )
    return sum((visitor.answers for visitor in visitors), Counter())
