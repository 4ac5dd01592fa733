"""Checkouts, webhooks, whole purchases, and free orders with their mail."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx

from bench.load import full, in_own_process, steady
from bench.results import Result
from bench.scenarios.peers import PRETIX
from bench.scenarios.reading import CONNECTIONS, SHARE
from bench.site import Site
from bench.visits import Checkout, Order, Purchase, checkout
from bench.wire import Connection, message
from local.stripe_sandbox.webhooks import signature

WAKING = 4  # seconds until a worker has started its loop


def checkouts(site: Site) -> list[Result]:
    """An order and its checkout, the sandbox answering for Stripe; against the order alone."""
    events = site.size["events"]
    alone = full(
        site.web, Order(site.run, events), connections=CONNECTIONS, seconds=3, first=site.buyers(10_000)
    )
    busy = full(
        site.web, Checkout(site.run, events), connections=CONNECTIONS, seconds=4, first=site.buyers(10_000)
    )
    detail = {"latency": busy.latency(), "other": busy.others()}
    return [Result("order and checkout", busy.rate, "/s", "order alone", alone.rate, detail=detail)]


def webhooks(site: Site, count: int = 240) -> list[Result]:
    """Paid sessions settled: as many webhooks as the app takes, each read afresh from the sandbox."""
    sandbox = Sandbox(site)
    sandbox.hold_webhooks()
    sessions = in_own_process(
        open_sessions, site.web, site.run, site.size["events"], count, site.buyers(count)
    )
    events = sandbox.paid(sessions)
    secret = site.settings.secrets.stripe_webhook
    took, statuses = in_own_process(bring_all, site.web, secret, events)
    paid = _count(site, "select count(*) from public.payments where session_id = any(%s)", sessions)
    detail = {"settled": paid, "of": count, "statuses": statuses}
    return [Result("webhook settled", count / took, "/s", detail=detail)]


def purchase(site: Site) -> list[Result]:
    """A guest's whole way through the pages, five requests, up to Stripe's page."""
    visit = Purchase(site.run, site.size["events"])
    full(site.web, visit, connections=8, seconds=1, first=site.buyers(10_000))
    busy = full(site.web, visit, connections=8, seconds=5, first=site.buyers(10_000))
    delays = steady(site.web, visit, rate=busy.rate * SHARE, seconds=4, first=site.buyers(10_000))
    detail = {"requests": 5, "at_60_percent": delays.latency(), "other": busy.others()}
    return [
        Result("purchase by pages", busy.rate, "/s", "pretix", PRETIX["purchase"], at_least=15, detail=detail)
    ]


def mailed(site: Site) -> list[Result]:
    """Free orders, confirmed at once, the worker sending their mail to the inbox meanwhile."""
    event = site.world.hot_event(1_000_000, price=0)
    site.stack.add("worker")
    time.sleep(WAKING)
    began = time.perf_counter()
    busy = full(
        site.web, Checkout(site.run, 1, event), connections=CONNECTIONS, seconds=5, first=site.buyers(10_000)
    )
    elapsed = time.perf_counter() - began
    sent = _count(
        site, "select count(*) from public.deliveries where sent_at > now() - %s * interval '1 s'", elapsed
    )
    detail = {
        "mails_a_second": round(sent / elapsed, 1),  # Resend takes five a second; orders do not wait for it
        "latency": busy.latency(),
        "other": busy.others(),
    }
    site.stack.remove("worker")
    return [
        Result(
            "order with mail",
            busy.rate,
            "/s",
            "pretix",
            PRETIX["order with mail"],
            at_least=30,
            detail=detail,
        )
    ]


class Sandbox:
    """Stripe's sandbox: buyers pay here, and its events wait until they are brought."""

    def __init__(self, site: Site) -> None:
        key = site.settings.secrets.stripe_key
        self.http = httpx.Client(
            base_url=site.settings.stripe_url, auth=(key, ""), timeout=10, trust_env=False
        )

    def hold_webhooks(self) -> None:
        self.http.post("/_sandbox/faults/webhooks", json={"effect": "hold"}).raise_for_status()

    def paid(self, sessions: list[str]) -> list[str]:
        """Pay all of them; what Stripe would say of each, as JSON."""
        for session in sessions:
            self.http.post(f"/_sandbox/sessions/{session}/pay", json={}).raise_for_status()
        wanted = set(sessions)
        events = self.http.get("/_sandbox/events?type=checkout.session.completed").json()
        return [
            json.dumps({name: value for name, value in event.items() if name != "deliveries"})
            for event in events
            if event["data"]["object"]["id"] in wanted
        ]


def open_sessions(port: int, run: str, events: int, count: int, first: int) -> list[str]:
    """Place and check out so many orders; the ids of their sessions."""

    async def opened(share: range) -> list[str]:
        connection = Connection(port)
        sessions = []
        for number in share:
            order: dict[str, Any] = (await Order(run, events).place(connection, number)).json()
            sessions.append((await checkout(connection, number, order)).json()["session_id"])
        connection.hang_up()
        return sessions

    async def everyone() -> list[str]:
        lanes = await asyncio.gather(*(opened(range(first + lane, first + count, 8)) for lane in range(8)))
        return [session for lane in lanes for session in lane]

    return asyncio.run(everyone())


def bring_all(port: int, secret: str, events: list[str], copies: int = 1) -> tuple[float, dict[int, int]]:
    """Deliver the events, each so many times; how long it took, and how often which status came back."""
    waiting = [event for event in events for _ in range(copies)]
    statuses: dict[int, int] = {}

    async def lane() -> None:
        connection = Connection(port)
        while waiting:
            body = waiting.pop()
            signed = signature(body, secret, int(time.time()))
            headers = {"Content-Type": "application/json", "Stripe-Signature": signed}
            status = (
                await connection.ask(message("POST", "/webhooks/stripe", headers, body.encode()))
            ).status
            statuses[status] = statuses.get(status, 0) + 1
        connection.hang_up()

    async def everyone() -> None:
        await asyncio.gather(*(lane() for _ in range(CONNECTIONS)))

    began = time.perf_counter()
    asyncio.run(everyone())
    return time.perf_counter() - began, statuses


def _count(site: Site, statement: str, value: list[str] | float) -> int:
    with site.database() as connection:
        row = connection.execute(statement.encode(), [value]).fetchone()
    return int(row[0]) if row else 0
