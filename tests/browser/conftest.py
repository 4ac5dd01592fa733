"""A headless Chromium for the tests in this folder, or a loud note that they were left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, expect, sync_playwright

from local.stack import Stack
from tests.application import app_for, some_address, token_for
from tests.browser import chromium
from tests.browser.inbox import Inbox
from tests.browser.visitor import Visitor
from tests.database import Database, Person
from tests.sandbox import Sandbox
from tests.stacks import served

PATIENCE = 20_000  # milliseconds, for a busy machine; nothing waits longer than it must
expect.set_options(timeout=PATIENCE)

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="package")
def site(stack: Stack) -> Iterator[str]:
    with served(stack) as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, started once; without one tests are skipped, or fail when GUICHET_BROWSER=required."""
    program = chromium.find()
    if program is None and os.environ.get("GUICHET_BROWSER") == "required":
        pytest.fail(chromium.ABSENCE)
    if program is None:
        pytest.skip(chromium.ABSENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield started
        started.close()


class Visitors(Protocol):
    """Lets one more person in, with cookies and an address of their own; `options` are Playwright's."""

    def __call__(self, width: int = 1280, **options: Any) -> Visitor: ...


@pytest.fixture
def visitors(browser: Browser, site: str) -> Iterator[Visitors]:
    """People before their browsers. In none may a script fail, a policy be broken, a file be missing."""
    inside: list[Visitor] = []

    def let_in(width: int = 1280, **options: Any) -> Visitor:
        context = browser.new_context(
            **{
                "base_url": site,
                "locale": "en-GB",
                "timezone_id": "Europe/Brussels",
                "reduced_motion": "reduce",
                "viewport": {"width": width, "height": 900},
                "extra_http_headers": {"X-Forwarded-For": some_address()},
                **options,
            }
        )
        context.set_default_timeout(PATIENCE)
        inside.append(Visitor(context, site))
        return inside[-1]

    yield let_in
    complaints = [complaint for visitor in inside for complaint in visitor.complaints]
    for visitor in inside:
        visitor.context.close()
    assert complaints == []


@pytest.fixture
def visitor(visitors: Visitors) -> Visitor:
    """Someone who has never been here."""
    return visitors()


@pytest.fixture
def stripe(stack: Stack) -> Sandbox:
    """Stripe's own view of what was paid."""
    return Sandbox(stack.settings)


@pytest.fixture
def inbox(stack: Stack) -> Inbox:
    return Inbox(stack.settings.inbox_url)


@pytest.fixture
def ana(database: Database) -> Person:
    """Has an account."""
    return database.sign_up("Ana")


@pytest.fixture(scope="session")
def app(stack: Stack) -> APIFlask:
    """Signs cookies as the site does."""
    return app_for(stack)


@pytest.fixture
def at_home(visitors: Visitors, app: APIFlask, stack: Stack) -> Callable[[Person], Visitor]:
    """Somebody at a browser of their own, signed in."""

    def sign_in(person: Person) -> Visitor:
        visitor = visitors()
        cookie = app.extensions["session-signer"].dumps([token_for(stack, person), "unused", 0])
        visitor.context.add_cookies([{"name": "guichet", "value": cookie, "url": visitor.site}])
        return visitor

    return sign_in


@pytest.fixture
def signed_in(at_home: Callable[[Person], Visitor], ana: Person) -> Visitor:
    """Ana at her browser, signed in."""
    return at_home(ana)
