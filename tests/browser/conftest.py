"""A headless Chromium for the tests in this folder, or a loud note that they were left out."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; without one the test is skipped, or fails when GUICHET_BROWSER=required."""
    program = chromium.find()
    if program is None and os.environ.get("GUICHET_BROWSER") == "required":
        pytest.fail(chromium.ABSENCE)
    if program is None:
        pytest.skip(chromium.ABSENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh visitor's page; paths such as "/" are on the site under test."""
    context = browser.new_context(base_url=site, locale="en-GB", timezone_id="Europe/Brussels")
    yield context.new_page()
    context.close()
