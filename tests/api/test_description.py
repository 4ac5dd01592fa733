"""The API's OpenAPI document is valid and leaves nothing out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from apiflask import APIFlask
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.description import Description, path_of
from tests.application import ApiClient

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def document(app: APIFlask) -> Any:
    return app.test_client().get("/api/openapi.json").get_json()


def operations(document: Any) -> dict[tuple[str, str], Any]:
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method.upper() in METHODS
    }


def test_the_document_is_valid_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_of_the_api_is_described_and_nothing_else(app: APIFlask, document: Any) -> None:
    routes = {
        (method, path_of(rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) & METHODS
    }
    assert operations(document).keys() == routes


def test_every_operation_says_what_it_does_and_how_it_fails(document: Any) -> None:
    for name, operation in operations(document).items():
        assert operation["summary"], name
        assert operation["tags"], name
        problem = operation["responses"]["default"]["content"]
        assert list(problem) == ["application/problem+json"], name


def test_every_place_in_a_path_is_a_parameter(document: Any) -> None:
    for (_, path), operation in operations(document).items():
        named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert named == {part.strip("{}") for part in path.split("/") if part.startswith("{")}, path


def test_what_takes_a_body_describes_it(document: Any) -> None:
    for (method, path), operation in operations(document).items():
        if method in {"PUT", "PATCH"} or (method, path) == ("POST", "/api/v1/orders"):
            assert operation["requestBody"]["content"], path


# Their answers are secrets that nobody keeps, or asking twice makes nothing more.
ASKED_WITHOUT_KEY = {
    "/api/v1/auth/signup",
    "/api/v1/invitations/{secret}/acceptance",
    "/api/v1/orders/{reference}/checkout",
    "/api/v1/organizers/{organizer}/api-keys",
    "/api/v1/organizers/{organizer}/invitations/{invitation_id}/mails",
    "/api/v1/venues/{slug}/key",
}


def test_every_call_that_creates_takes_an_idempotency_key(document: Any) -> None:
    keyless = set()
    for (method, path), operation in operations(document).items():
        names = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        if method == "POST" and "201" in operation["responses"] and "Idempotency-Key" not in names:
            keyless.add(path)
    assert keyless == ASKED_WITHOUT_KEY


def test_every_idempotency_key_is_of_the_same_kind(document: Any) -> None:
    kinds = [
        json.dumps(each["schema"], sort_keys=True)
        for operation in operations(document).values()
        for each in operation.get("parameters", [])
        if each["name"] == "Idempotency-Key"
    ]
    assert (len(kinds) > 5, len(set(kinds))) == (True, 1)
    assert "^[ -~]*$" in kinds[0]


def test_who_may_do_what_is_described(document: Any) -> None:
    assert document["components"]["securitySchemes"].keys() == {"api_key", "bearer", "order_secret"}
    for (method, path), operation in operations(document).items():
        if path.startswith("/api/v1/me") or (method, path) == ("GET", "/api/v1/orders"):
            assert operation["security"] == [{"bearer": []}], path


def test_an_answer_that_is_not_as_described_is_noticed(app: APIFlask) -> None:
    description = Description(app)
    schema = description.document["components"]["schemas"]["Problem"]
    schema["required"] = [*schema["required"], "apology"]
    with app.test_request_context("/api/v1/events/nothing"):
        description.judge(None, app.full_dispatch_request())
    assert any("'apology' is a required property" in fault for fault in description.faults())


def test_failures_are_problem_documents_with_the_requests_id(visitor: ApiClient) -> None:
    for answer in (
        visitor.get("/nowhere"),
        visitor.get("/orders"),
        visitor.put("/events"),
        visitor.get("/events?limit=x"),
        visitor.post("/orders", data="{", content_type="application/json"),
    ):
        problem = answer.json
        assert answer.mimetype == "application/problem+json"
        assert problem["correlation_id"] == answer.headers["X-Request-Id"]
        assert problem["status"] == answer.status_code
        assert problem.keys() >= {"type", "title", "status", "detail", "code", "correlation_id"}


def test_the_callers_own_request_id_is_used(visitor: ApiClient) -> None:
    answer = visitor.get("/events/nothing", headers={"X-Request-Id": "from-the-client-1"})
    assert answer.headers["X-Request-Id"] == answer.json["correlation_id"] == "from-the-client-1"
