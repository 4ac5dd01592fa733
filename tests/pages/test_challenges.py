"""Many orders from one address: then a person has to show that they are one, where keys are set."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from apiflask import APIFlask

from local.stack import Stack
from services.refusals import Unavailable
from tests.application import Browser, app_for
from tests.database import Database
from tests.pages.test_order_life import words
from tests.selling import list_event, some_email

SITE_KEY = "1x00000000000000000000AA"


@dataclass
class Judge:
    """Says yes to one answer alone."""

    asked: list[str] = field(default_factory=list)
    away: bool = False

    def passed(self, answer: str) -> bool:
        self.asked.append(answer)
        if self.away:
            raise Unavailable("challenge", "down")
        return answer == "I am a person"


@pytest.fixture
def judge() -> Judge:
    return Judge()


@pytest.fixture
def guarded(stack: Stack, judge: Judge) -> APIFlask:
    app = app_for(stack, turnstile_site_key=SITE_KEY, turnstile_secret_key="secret")
    app.extensions["outside"] = replace(app.extensions["outside"], challenge=judge)
    return app


def order(browser: Browser, database: Database, **answer: str) -> Any:
    listing = list_event(database)
    page = f"/events/{listing.slug}/orders/new?quantity[{listing.ticket_type}]=1"
    form = {
        "event_id": listing.id,
        f"quantity[{listing.ticket_type}]": "1",
        "buyer_name": "Gaston",
        "buyer_email": some_email(),
    }
    return browser.submit(page, {**form, **answer}, to=f"/events/{listing.slug}/orders")


def test_the_sixth_order_from_an_address_wants_a_person(
    guarded: APIFlask, judge: Judge, database: Database
) -> None:
    browser = Browser(guarded)
    for _ in range(5):
        assert order(browser, database).status_code == 303
    refused = order(browser, database)
    assert refused.status_code == 429
    assert "Please show that you are a person." in words(refused)
    assert f'data-sitekey="{SITE_KEY}"' in refused.text
    assert 'value="Gaston"' in refused.text
    assert judge.asked == []
    wrong = order(browser, database, **{"cf-turnstile-response": "beep"})
    assert (wrong.status_code, judge.asked) == (429, ["beep"])
    assert order(browser, database, **{"cf-turnstile-response": "I am a person"}).status_code == 303
    assert order(Browser(guarded), database).status_code == 303  # another address


def test_sales_go_on_while_the_judge_is_away(guarded: APIFlask, judge: Judge, database: Database) -> None:
    browser = Browser(guarded)
    judge.away = True
    for _ in range(5):
        order(browser, database)
    assert order(browser, database, **{"cf-turnstile-response": "x"}).status_code == 303


def test_only_then_pages_may_load_the_widget(guarded: APIFlask, app: APIFlask, database: Database) -> None:
    guarded_policy = Browser(guarded).get("/").headers["Content-Security-Policy"]
    assert "script-src 'self' https://challenges.cloudflare.com;" in guarded_policy
    assert "frame-src https://challenges.cloudflare.com;" in guarded_policy
    assert "cloudflare" not in Browser(app).get("/").headers["Content-Security-Policy"]


def test_without_keys_nobody_is_asked(app: APIFlask, database: Database) -> None:
    browser = Browser(app)
    for _ in range(7):
        assert order(browser, database).status_code == 303
