"""What a failure looks like, for people and for programs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from services.outside.database import Database
from tests.contract.outside import app_with, settings, wire


def app_at(answer: Any) -> APIFlask:
    told = settings()
    return app_with(told, database=Database(told, wire(answer).pool))


def refusal(status: int, word: str, details: str | None = None) -> httpx.Response:
    body = {"code": f"PT{status}", "message": word, "details": details, "hint": "Try another."}
    return httpx.Response(status, json=body)


def languages(answer: Any, **headers: str) -> Any:
    return app_at(answer).test_client().get("/api/v1/languages", headers=headers)


def test_a_refusal_is_a_problem_document_with_its_facts() -> None:
    answer = languages(refusal(409, "sold_out", '{"left": 1}'))
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    assert answer.json == {
        "type": "urn:guichet:problem:sold_out",
        "title": "Conflict",
        "status": 409,
        "detail": "Someone was faster. Seats left now: 1.",
        "code": "sold_out",
        "hint": "Try another.",
        "left": 1,
        "correlation_id": answer.headers["X-Request-Id"],
    }


def test_facts_cannot_take_the_place_of_the_document() -> None:
    answer = languages(refusal(409, "sold_out", '{"left": 0, "status": 200, "code": "fine"}'))
    assert (answer.json["status"], answer.json["code"]) == (409, "sold_out")


def test_the_sentence_is_in_the_callers_language() -> None:
    english, french = (
        languages(refusal(404, "not_found"), **{"Accept-Language": code}).json for code in ("en", "fr")
    )
    assert english["code"] == french["code"] == "not_found"
    assert english["detail"] == "There is nothing here."


def test_waiting_is_told_in_seconds() -> None:
    answer = languages(refusal(429, "too_many_orders", '{"retry_after": 600}'))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")


def test_a_database_that_is_away_is_a_503_that_asks_for_patience() -> None:
    answer = languages(httpx.ConnectError("down"))
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (
        503,
        "unavailable",
        "5",
    )
    assert "down" not in answer.text


def test_our_own_fault_is_a_500_that_tells_nothing_but_its_id() -> None:
    answer = languages(httpx.Response(404, json={"code": "PGRST202", "message": "no function secret_thing"}))
    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    assert "secret_thing" not in answer.text
    assert answer.json["correlation_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("DELETE", "/api/v1/languages", 405, "method_not_allowed"),
        ("POST", "/webhooks/nowhere", 404, "not_found"),
    ],
)
def test_programs_get_problem_documents(method: str, path: str, status: int, code: str) -> None:
    answer: Any = app_at(httpx.Response(200, json=[])).test_client().open(path, method=method)
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (
        status,
        "application/problem+json",
        code,
    )


def test_which_methods_are_allowed_is_told() -> None:
    answer = app_at(httpx.Response(200, json=[])).test_client().delete("/api/v1/languages")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (httpx.ConnectError("down"), 503),
        (httpx.ReadTimeout("slow"), 503),
        (httpx.Response(200, text="<html>nonsense</html>"), 503),
        (httpx.Response(404, json={"code": "PGRST202", "message": "no function"}), 500),
        (refusal(404, "not_found"), 404),
        (refusal(410, "hold_expired"), 410),
    ],
)
def test_people_get_a_page_with_the_id_to_quote(answer: Any, status: int) -> None:
    shown = app_at(answer).test_client().get("/account/sign-up")
    assert (shown.status_code, shown.mimetype) == (status, "text/html")
    assert shown.headers["X-Request-Id"] in shown.text
    assert "Traceback" not in shown.text


def test_a_page_asked_for_as_json_fails_as_json() -> None:
    answer: Any = (
        app_at(refusal(404, "not_found"))
        .test_client()
        .get("/account/sign-up", headers={"Accept": "application/json"})
    )
    assert answer.mimetype == "application/problem+json"


def test_a_session_that_was_signed_out_elsewhere_leads_to_signing_in() -> None:
    answer = app_at(refusal(401, "signed_out")).test_client().get("/account/sign-up?next=/orders")
    assert (answer.status_code, answer.location) == (
        303,
        "/account/sign-in?next=/account/sign-up?next%3D/orders",
    )


def test_the_page_that_reports_a_failure_does_not_depend_on_what_failed() -> None:
    app = app_at(refusal(404, "not_found"))
    app.jinja_env.globals.pop("asset")
    shown = app.test_client().get("/nowhere")
    assert shown.status_code == 404
    assert shown.headers["X-Request-Id"] in shown.text


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "Bearer a.b.c", "nonsense"])
def test_a_token_that_is_none_is_refused_where_none_is_needed(header: str) -> None:
    answer: Any = languages(httpx.Response(200, json=[]), Authorization=header)
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_required")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
