"""What everyone is answered alike is kept for a second; what is anybody's own never is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from apiflask import APIFlask
from flask import Flask
from werkzeug.test import Client, TestResponse

from services import caller
from services.caller import Caller
from web.public_cache import PublicCache, public


class Clock:
    """Seconds as the cache counts them."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("web.public_cache.time", clock)
    return clock


@pytest.fixture
def app(clock: Clock) -> Iterator[Flask]:
    """Counts how often it was asked; `?who` makes the visitor somebody, `?told` sets a cookie."""
    app = APIFlask(__name__)
    asked = iter(range(1, 100))

    @app.get("/page")
    @public
    def page() -> str:
        return f"answer {next(asked)}"

    @app.before_request
    def identify() -> None:
        from flask import request

        caller.become(Caller(access_token="theirs") if "who" in request.args else caller.VISITOR)

    @app.after_request
    def tell(response):  # type: ignore[no-untyped-def]
        from flask import request

        if "told" in request.args:
            response.set_cookie("forms", "words")
        return response

    app.wsgi_app = PublicCache(app.wsgi_app)  # type: ignore[method-assign]
    yield app
    caller.become(caller.VISITOR)


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(app, use_cookies=False)


def read(client: Client, path: str = "/page", **headers: str) -> TestResponse:
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_a_crowd_costs_one_reading_a_second(client: Client, clock: Clock) -> None:
    assert [read(client).text for _ in range(3)] == ["answer 1"] * 3
    clock.now += 1.1
    assert read(client).text == "answer 2"


def test_while_one_reads_anew_the_others_get_the_answer_of_before(client: Client, clock: Clock) -> None:
    cache: PublicCache = client.application.wsgi_app  # type: ignore[attr-defined]
    read(client)
    clock.now += 1.1
    key = next(iter(cache._kept))
    assert cache._find(key) is None
    kept = cache._find(key)
    assert kept is not None
    assert kept.body == b"answer 1"


def test_nobody_gets_an_answer_older_than_two_seconds(client: Client, clock: Clock) -> None:
    read(client)
    clock.now += 2.1
    assert read(client).text == "answer 2"


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "guichet=session"},
        {"Cookie": "forms=words"},
        {"Cookie": "language=fr; guichet=session"},
        {"Authorization": "Bearer theirs"},
        {"X_Order_Secret": "secret"},
        {"Cache_Control": "no-cache"},
    ],
)
def test_who_is_somebody_is_answered_anew(client: Client, headers: dict[str, str]) -> None:
    read(client)
    assert read(client, **headers).text == "answer 2"


def test_languages_are_kept_apart(client: Client) -> None:
    assert read(client, Accept_Language="fr").text == "answer 1"
    assert read(client, Accept_Language="en").text == "answer 2"
    assert read(client, Cookie="language=fr").text == "answer 3"
    assert read(client, Accept_Language="fr").text == "answer 1"


@pytest.mark.parametrize("path", ["/page?who", "/page?told"])
def test_personal_answers_are_not_kept(client: Client, path: str) -> None:
    assert read(client, path).text == "answer 1"
    assert read(client, path).text == "answer 2"


def test_caches_are_told_what_the_answer_depends_on(client: Client) -> None:
    for _ in range(2):
        answer = read(client)
        assert {"Cookie", "Accept-Language"} <= set(answer.vary)
        assert answer.cache_control.public
        assert answer.cache_control.max_age == 0
    assert "public" not in read(client, "/page?who").headers.get("Cache-Control", "")


def test_a_browser_that_has_the_answer_is_told_so(client: Client) -> None:
    etag = read(client).headers["ETag"]
    answer = read(client, If_None_Match=etag)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)


def test_each_answer_has_an_id_of_its_own(client: Client) -> None:
    read(client)
    assert read(client).headers["X-Request-Id"] != read(client).headers["X-Request-Id"]


def test_no_more_is_kept_than_there_is_room(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.public_cache.ENTRIES", 2)
    for name in ("a", "b", "c"):
        read(client, f"/page?{name}")
    assert len(client.application.wsgi_app._kept) == 2  # type: ignore[attr-defined]
